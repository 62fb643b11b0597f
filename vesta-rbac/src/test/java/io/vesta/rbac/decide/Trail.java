package io.vesta.rbac.decide;

import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.storage.UnitOfWork;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A trail that remembers, and that can be broken. */
final class Trail implements AuditTrail {

  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  volatile boolean broken;

  @Override
  public UUID append(UnitOfWork work, AuditEvent event) {
    if (broken) {
      throw new IllegalStateException("the trail is down");
    }
    events.add(event);
    return new UUID(0, events.size());
  }

  /** The names of what was done, without what all begin with. */
  List<String> actions(String prefix) {
    return events.stream().map(event -> event.action().name().replace(prefix, "")).toList();
  }
}
