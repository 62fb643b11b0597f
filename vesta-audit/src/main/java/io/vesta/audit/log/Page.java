package io.vesta.audit.log;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.note.Checkpoint;
import java.util.List;
import java.util.OptionalLong;

/**
 * Entries that were found, each proven to be in the tree.
 *
 * @param checkpoint the signed size and root that they were proven against
 * @param entries in the order that was asked for
 * @param next where to begin the next page; empty if this is the last
 */
public record Page(Checkpoint checkpoint, List<Found> entries, OptionalLong next) {

  /** Copies the list. */
  public Page {
    entries = List.copyOf(entries);
  }

  /**
   * An entry and its place.
   *
   * @param index its index in the brokerage's log, from 0 without gaps
   * @param entry the entry
   */
  public record Found(long index, AuditEntry entry) {}
}
