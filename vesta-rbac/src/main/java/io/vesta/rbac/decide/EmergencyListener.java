package io.vesta.rbac.decide;

import io.vesta.core.access.Actor;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.util.Objects;
import java.util.Optional;

/**
 * A host's ear for emergencies: it may write to the agent whose record was opened, to the second
 * persons who are asked, or to a pager.
 *
 * <p><b>Contract.</b> Told after the audit entry is durable, through the configuration's executor,
 * on the node where it happened. What it throws is logged and changes nothing: the audit log, not
 * this, is the record.
 */
@FunctionalInterface
public interface EmergencyListener {

  /** What happened to an emergency. */
  enum Kind {
    /** Somebody asked for it. */
    REQUESTED,
    /** Somebody tried to open it and may not. */
    REFUSED,
    /** A second person opened it. */
    OPENED,
    /** Something was allowed that without it would not have been. */
    USED,
    /** Somebody ended it before its time, or its member left. */
    ENDED
  }

  /**
   * One thing that happened.
   *
   * @param kind what
   * @param emergency to which emergency
   * @param actor who did it
   * @param target for {@link Kind#USED}, on what; else empty
   */
  record Notice(Kind kind, Emergency emergency, Actor actor, Optional<Target> target) {

    /** Checks presence. */
    public Notice {
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(emergency, "emergency");
      Objects.requireNonNull(actor, "actor");
      Objects.requireNonNull(target, "target");
    }
  }

  /**
   * On what an emergency was used.
   *
   * @param ref the record, or {@code <type>:ALL} for a list
   * @param owner whose record it is, if it is one person's; else empty
   */
  record Target(Ref ref, Optional<MemberId> owner) {

    /** Checks presence. */
    public Target {
      Objects.requireNonNull(ref, "ref");
      Objects.requireNonNull(owner, "owner");
    }
  }

  /** Hears of it. */
  void told(Notice notice);
}
