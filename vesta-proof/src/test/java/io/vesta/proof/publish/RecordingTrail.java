package io.vesta.proof.publish;

import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import java.util.List;
import java.util.UUID;

/** A trail that keeps the names of what happened in a table, so that they vanish with the work. */
public final class RecordingTrail implements AuditTrail {

  private final Database database;
  private boolean broken;

  /**
   * @param database where the table is made
   */
  public RecordingTrail(Database database) {
    this.database = database;
    database.write(
        work -> work.handle().execute("create table test_trail (event varchar(400) not null)"));
  }

  /** From now on it cannot record. */
  public void fail() {
    broken = true;
  }

  @Override
  public UUID append(UnitOfWork work, AuditEvent event) {
    if (broken) {
      throw new IllegalStateException("the trail cannot record");
    }
    work.handle()
        .execute(
            "insert into test_trail (event) values (?)", event + " " + event.details().keySet());
    return new UUID(0, 0);
  }

  /** What has been recorded and committed. */
  public List<String> entries() {
    return database.read(
        work ->
            work.handle().createQuery("select event from test_trail").mapTo(String.class).list());
  }
}
