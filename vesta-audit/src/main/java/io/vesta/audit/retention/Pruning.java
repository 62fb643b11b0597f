package io.vesta.audit.retention;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.log.AuditLog;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.log.internal.Backlog;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.log.internal.Testimony;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import io.vesta.audit.vault.Vault;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deletes the first entries of a log for good when all of them are past their time, by whole tiles
 * of 256 (the minimum index of C2SP tlog-tiles). Proofs of what remains, and all proofs given
 * before, stay valid. Thread-safe.
 *
 * <p><b>Guarantees.</b> Before anything goes, an entry says up to where, and is signed and shown to
 * the witnesses; without such an entry a verifier calls the gap a loss. Only entries that are what
 * the tree holds are deleted; what was tampered with stays as evidence.
 */
public final class Pruning {

  /** What the log says of it; verifiers look for this name. */
  public static final AuditAction PRUNED = new AuditAction("vesta.audit.log.pruned");

  private final Database database;
  private final Clock clock;
  private final Backlog backlog;
  private final AuditLog log;
  private final Sequencer sequencer;
  private final LogGuard guard;
  private final Testimony testimony;
  private final Vault vault;

  @Inject
  Pruning(
      VestaConfig config,
      AuditLog log,
      Sequencer sequencer,
      LogGuard guard,
      Testimony testimony,
      Vault vault) {
    this.database = config.database();
    this.clock = config.clock();
    this.backlog = Backlog.of(database.dialect());
    this.log = log;
    this.sequencer = sequencer;
    this.guard = guard;
    this.testimony = testimony;
    this.vault = vault;
  }

  /**
   * Prunes the log of the operator's brokerage.
   *
   * @param operator a person; whether they may do so is the host's to check
   * @param policy how long entries are kept
   * @return the index of the first entry that remains
   * @throws VestaException with code {@code VESTA-AUDIT-015} if a legal hold stands in the
   *     brokerage, {@code VESTA-AUDIT-005} if an entry that would go is not what the tree holds
   */
  public long prune(Actor operator, RetentionPolicy policy) {
    operator.requirePerson("pruning an audit log");
    BrokerageId brokerage = operator.brokerage();
    Instant now = clock.instant();
    long[] range = database.read(work -> range(work, brokerage, policy, now));
    if (range[0] == range[1]) {
      return range[0];
    }
    log.append(
        AuditEvent.builder(PRUNED, operator, new Ref("AuditLog", brokerage.key()))
            .with("minimum", range[1])
            .build());
    sequencer.sequence(brokerage);
    if (testimony.any()) {
      testimony.show(brokerage.key());
    }
    for (long first = range[0]; first < range[1]; first += Tile.WIDTH) {
      Tile tile = new Tile(0, first / Tile.WIDTH, Tile.WIDTH);
      database.write(
          work -> {
            prune(work, brokerage, tile);
            return tile;
          });
    }
    return range[1];
  }

  /** What is pruned already, and up to where all tiles are past their time. */
  private long[] range(
      UnitOfWork work, BrokerageId brokerage, RetentionPolicy policy, Instant now) {
    LegalHolds.requireNone(work, brokerage);
    Optional<LogState> end = guard.find(work, brokerage.key());
    long pruned = end.map(LogState::pruned).orElse(0L);
    long size = end.map(LogState::size).orElse(0L);
    long minimum = pruned;
    while (end.isPresent() && minimum + Tile.WIDTH <= size) {
      Tile tile = new Tile(0, minimum / Tile.WIDTH, Tile.WIDTH);
      if (!entries(work, end.get(), tile).stream().allMatch(entry -> policy.expired(entry, now))) {
        break;
      }
      minimum += Tile.WIDTH;
    }
    return new long[] {pruned, minimum};
  }

  private void prune(UnitOfWork work, BrokerageId brokerage, Tile tile) {
    LegalHolds.alone(work, brokerage);
    LegalHolds.requireNone(work, brokerage);
    backlog.lead(work);
    LogState end =
        guard
            .find(work, brokerage.key())
            .filter(state -> state.pruned() == tile.index() * Tile.WIDTH)
            .orElseThrow(
                () ->
                    new VestaException(
                        AuditError.LEADERSHIP_LOST,
                        "the log is pruned by somebody else; look at it again"));
    entries(work, end, tile).forEach(entry -> vault.destroy(work, entry.sealed()));
    LogTables.prune(work, brokerage.key(), tile.index());
  }

  /** The entries of a tile, each what the tree holds. */
  private static List<AuditEntry> entries(UnitOfWork work, LogState end, Tile tile) {
    long first = tile.index() * Tile.WIDTH;
    List<Hash> leaves = LogTables.tile(work, end, 0, tile.index());
    List<AuditEntry> entries = new ArrayList<>();
    for (LogTables.Row row : LogTables.rows(work, end.brokerage(), first, first + Tile.WIDTH)) {
      byte[] bytes = row.bytes();
      if (bytes == null
          || row.index() != first + entries.size()
          || !Hash.leaf(bytes).equals(leaves.get(entries.size()))) {
        break;
      }
      entries.add(AuditEntry.parse(bytes));
    }
    if (entries.size() != Tile.WIDTH) {
      throw new VestaException(
          AuditError.ENTRY_TAMPERED,
          "the audit entry "
              + (first + entries.size())
              + " is not what the tree holds; nothing is pruned: keep the tables as evidence");
    }
    return entries;
  }
}
