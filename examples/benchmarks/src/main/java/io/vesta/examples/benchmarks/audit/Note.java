package io.vesta.examples.benchmarks.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.envers.Audited;

/** The host's row, as Envers and JaVers want it: what they record is this, in their own format. */
@Entity
@Audited
public class Note {

  @Id private long id;

  @Column(length = 512)
  private String body = "";

  /** For Hibernate. */
  protected Note() {}

  Note(long id, String body) {
    this.id = id;
    this.body = body;
  }

  /** Which. */
  public long getId() {
    return id;
  }

  /** What it says. */
  public String getBody() {
    return body;
  }
}
