package io.vesta.audit.log.internal;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.core.id.MemberId;
import org.jspecify.annotations.Nullable;

/** What is indexed of an entry: derived from its bytes, and compared with them when read. */
public record Columns(
    String id, long atMs, String action, String actor, String target, @Nullable String member) {

  /** The columns that belong to an entry. */
  public static Columns of(AuditEntry entry) {
    return new Columns(
        entry.id().toString(),
        entry.at().toEpochMilli(),
        entry.action().name(),
        entry.actor().ref().toString(),
        entry.target().toString(),
        entry.actor().member().map(MemberId::key).orElse(null));
  }
}
