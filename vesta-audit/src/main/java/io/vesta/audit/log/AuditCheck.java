package io.vesta.audit.log;

import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.log.internal.Backlog;
import io.vesta.audit.log.internal.Columns;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import io.vesta.audit.verify.Finding;
import io.vesta.audit.verify.LogSource;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a log in its tables: all that {@link LogVerifier} verifies of an export, and that every
 * indexed column is what the entry's bytes say, that the plain chain links, that no entry is
 * another brokerage's, and that no committed entry was left out. Thread-safe.
 */
public final class AuditCheck {

  private final Database database;
  private final Backlog backlog;
  private final LogGuard guard;

  @Inject
  AuditCheck(VestaConfig config, LogGuard guard) {
    this.database = config.database();
    this.backlog = Backlog.of(database.dialect());
    this.guard = guard;
  }

  /**
   * Verifies a brokerage's log from its first entry to its signed checkpoint.
   *
   * @param brokerage whose log
   * @return what was found; not ok if the log was never signed
   */
  public Report check(BrokerageId brokerage) {
    return database.read(work -> check(work, brokerage.key()));
  }

  private Report check(UnitOfWork work, String brokerage) {
    LogState end;
    try {
      Optional<LogState> found = guard.find(work, brokerage);
      if (found.isEmpty()) {
        return refused("the log was never signed");
      }
      end = found.get();
    } catch (VestaException e) {
      return refused("the stored end is not to be trusted: " + e.getMessage());
    }
    Tables tables;
    try {
      tables = new Tables(work, end);
    } catch (VestaException e) {
      return refused("the stored end is not to be trusted: " + e.getMessage());
    }
    Report report = LogVerifier.verify(guard.checkpoint(end), tables).and(tables.findings);
    List<Finding> more = new ArrayList<>(tables.brokenLink(report).stream().toList());
    long overlooked = backlog.overlooked(work, brokerage);
    if (overlooked > 0) {
      more.add(
          Finding.whole(
              overlooked + " committed rows hold what is in no log although their turn is past"));
    }
    return report.and(more);
  }

  private static Report refused(String why) {
    return new Report(Optional.empty(), 0, 0, List.of(Finding.whole(why)));
  }

  /** The log in its tables; checks beside the bytes what an export does not hold. */
  private static final class Tables implements LogSource {

    private final UnitOfWork work;
    private final LogState end;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable Tile unlinked;
    private Hash chain = Hash.CHAIN_START;

    Tables(UnitOfWork work, LogState end) {
      this.work = work;
      this.end = end;
      if (end.pruned() >= Tile.WIDTH) {
        chain = LogTables.chain(work, end.brokerage(), end.pruned() / Tile.WIDTH - 1);
      }
    }

    @Override
    public long pruned() {
      return end.pruned();
    }

    @Override
    public List<byte[]> entries(Tile tile) {
      long first = tile.index() * Tile.WIDTH;
      List<byte[]> entries = new ArrayList<>();
      for (LogTables.Row row : LogTables.rows(work, end.brokerage(), first, first + tile.width())) {
        byte[] bytes = row.bytes();
        if (row.index() != first + entries.size() || bytes == null) {
          // What follows the gap would be compared with the wrong leaves.
          break;
        }
        require(row, bytes);
        entries.add(bytes);
        chain = Hash.chain(chain, Hash.leaf(bytes));
      }
      if (unlinked == null
          && tile.full()
          && !LogTables.linked(work, end.brokerage(), tile.index(), chain)) {
        unlinked = tile;
      }
      return entries;
    }

    private void require(LogTables.Row row, byte[] bytes) {
      try {
        AuditEntry entry = AuditEntry.parse(bytes);
        if (!entry.brokerage().key().equals(end.brokerage())) {
          findings.add(Finding.at(row.index(), "it is an entry of another brokerage"));
        }
        if (!Columns.of(entry).equals(row.columns())) {
          findings.add(
              Finding.at(row.index(), "it is indexed under values that are not in its bytes"));
        }
      } catch (VestaException e) {
        findings.add(Finding.at(row.index(), "its bytes are no entry of version 1"));
      }
    }

    /** Where the plain chain first does not link, unless a wrong entry explains it. */
    Optional<Finding> brokenLink(Report report) {
      Tile tile = unlinked;
      if (tile != null) {
        long first = tile.index() * Tile.WIDTH;
        return report.findings().stream().anyMatch(f -> f.within(first, first + Tile.WIDTH))
            ? Optional.empty()
            : Optional.of(Finding.at(first, "the plain chain does not link within its tile"));
      }
      return report.ok() && !chain.equals(end.chain())
          ? Optional.of(Finding.whole("the plain chain does not link up to the log's end"))
          : Optional.empty();
    }

    @Override
    public List<Hash> hashes(Tile tile) {
      try {
        return LogTables.tile(work, end, tile.level(), tile.index());
      } catch (VestaException e) {
        throw new IllegalArgumentException("the tables do not hold it", e);
      }
    }
  }
}
