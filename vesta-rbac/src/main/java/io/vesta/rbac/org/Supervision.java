package io.vesta.rbac.org;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.util.Objects;

/**
 * A written delegation of supervision, from a broker to a licensee. It counts only while the broker
 * works here and holds, by a grant of their own, a supervising role over the whole of what is
 * delegated; it cannot be passed on.
 *
 * @param by who delegates
 * @param to who supervises
 * @param over what is supervised
 * @param written the document that says so
 * @param span when
 */
public record Supervision(MemberId by, MemberId to, RoleGrant.Over over, Ref written, Span span) {

  /** Checks that two members of one brokerage are named. */
  public Supervision {
    Objects.requireNonNull(written, "written");
    Objects.requireNonNull(span, "span");
    if (!by.brokerage().equals(to.brokerage())
        || !Objects.requireNonNull(over, "over").liesIn(by.brokerage())) {
      throw VestaException.invalid("supervision", "between two brokerages", "use one brokerage");
    }
    if (by.equals(to)) {
      throw VestaException.invalid(
          "supervision", "delegated by a member to themselves", "name another member");
    }
    if (over instanceof RoleGrant.Over.Self) {
      throw VestaException.invalid(
          "supervision", "over nobody else's work", "name a team, an office or the brokerage");
    }
  }
}
