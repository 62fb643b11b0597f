package io.vesta.audit.log;

import io.vesta.audit.AuditError;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.log.internal.Columns;
import io.vesta.audit.log.internal.LogGuard;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.log.internal.StoredTree;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Nodes;
import io.vesta.audit.tree.Proofs;
import io.vesta.audit.vault.Disclosure;
import io.vesta.audit.vault.Vault;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.config.Port;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log of the reader's own brokerage, as far as the {@link Authorizer} lets them read
 * {@link ResourceType#AUDIT_ENTRY}: the owner of an entry is the member who acted or was acted for.
 * Thread-safe.
 *
 * <p><b>Guarantees.</b> What comes back was in the log when its checkpoint was signed, at that
 * index and with those bytes; anything else is an exception, not a row. Entries that wait for the
 * {@link Sequencer} are not shown.
 *
 * <p><b>Not guaranteed.</b> Completeness: that no index row was removed is what {@link AuditCheck}
 * and the verifier of exports find out.
 */
public final class AuditQuery {

  private static final ResourceColumns FACTS =
      ResourceColumns.builder(ResourceType.AUDIT_ENTRY, "i.brokerage")
          .owner("i.member")
          .createdAt("i.at_ms")
          .build();

  private static final String ROWS =
      LogTables.Row.SELECT + " where i.brokerage = ? and i.idx >= ? and i.idx < ?";

  private final Database database;
  private final Authorizer authorizer;
  private final LogGuard guard;
  private final Vault vault;

  @Inject
  AuditQuery(VestaConfig config, Optional<Authorizer> authorizer, LogGuard guard, Vault vault) {
    this.database = config.database();
    this.authorizer = Port.require(authorizer, Authorizer.class, "RbacModule of vesta-rbac");
    this.guard = guard;
    this.vault = vault;
  }

  /**
   * Finds entries.
   *
   * @param reader who reads; sees nothing of other brokerages
   * @param filter which entries
   * @return a page; empty if the reader may see none, or nothing was sequenced yet
   * @throws VestaException with code {@code VESTA-AUDIT-005} if a row is not what the tree holds
   */
  public Page find(Actor reader, EntryFilter filter) {
    return database.read(
        work -> {
          LogState end = end(work, reader);
          List<Page.Found> found = find(work, reader, filter, end, new StoredTree(work, end));
          boolean more = found.size() > filter.limit();
          return new Page(
              guard.checkpoint(end),
              more ? found.subList(0, filter.limit()) : found,
              more ? OptionalLong.of(found.get(filter.limit()).index()) : OptionalLong.empty());
        });
  }

  /**
   * Proves an entry to outsiders: a C2SP tlog-proof that any verifier checks against the log's
   * verifier key. It is under the last checkpoint that witnesses signed, if that covers the entry.
   *
   * @param reader who asks
   * @param index the entry's index
   * @return the proof, with the entry's bytes as its extra data; empty if there is no such entry or
   *     the reader may not see it
   */
  public Optional<TlogProof> prove(Actor reader, long index) {
    EntryFilter only = EntryFilter.builder().startingAt(index).limit(1).build();
    return database.read(
        work -> {
          LogState end = end(work, reader);
          StoredTree tree = new StoredTree(work, end);
          return find(work, reader, only, end, tree).stream()
              .filter(found -> found.index() == index)
              .findFirst()
              .map(
                  found -> {
                    SignedNote note =
                        guard
                            .witnessed(work, end, tree)
                            .filter(kept -> index < Checkpoint.parse(kept.text()).size())
                            .orElseGet(() -> note(end));
                    long size = Checkpoint.parse(note.text()).size();
                    return new TlogProof(
                        index,
                        Proofs.inclusion(index, size, tree),
                        note,
                        Optional.of(found.entry().bytes()));
                  });
        });
  }

  /**
   * Shows the erasable details of an entry, as far as they are not erased.
   *
   * @param reader who asks
   * @param index the entry's index
   * @return the disclosures; none if there is no such entry or the reader may not see it
   * @throws VestaException with code {@code VESTA-AUDIT-014} if a value is not the recorded one
   */
  public List<Disclosure> reveal(Actor reader, long index) {
    EntryFilter only = EntryFilter.builder().startingAt(index).limit(1).build();
    return database.read(
        work -> {
          LogState end = end(work, reader);
          return find(work, reader, only, end, new StoredTree(work, end)).stream()
              .filter(found -> found.index() == index)
              .flatMap(
                  found -> vault.open(work, reader.brokerage(), found.entry().sealed()).stream())
              .toList();
        });
  }

  /** One more than the limit, if there are so many. */
  private List<Page.Found> find(
      UnitOfWork work, Actor reader, EntryFilter filter, LogState end, Nodes tree) {
    RowFilter visible = authorizer.filter(reader, Action.READ, FACTS);
    if (visible instanceof RowFilter.None) {
      return List.of();
    }
    StringBuilder sql = new StringBuilder(ROWS);
    filter.conditions().forEach(condition -> sql.append(" and ").append(condition.sql()));
    sql.append(" and (").append(visible.sql()).append(") order by i.idx");
    sql.append(filter.newestFirst() ? " desc limit ?" : " limit ?");
    boolean bounded = filter.start() >= 0;
    List<@Nullable Object> binds = new ArrayList<>();
    binds.add(reader.brokerage().key());
    binds.add(bounded && !filter.newestFirst() ? filter.start() : 0L);
    binds.add(
        bounded && filter.newestFirst() ? Math.min(end.size(), filter.start() + 1) : end.size());
    filter.conditions().forEach(condition -> binds.add(bindable(work, condition.bind())));
    binds.addAll(visible.binds());
    binds.add(filter.limit() + 1);
    Query query = work.handle().createQuery(sql.toString());
    for (int i = 0; i < binds.size(); i++) {
      query.bind(i, binds.get(i));
    }
    Hash root = end.root();
    return query.map((row, context) -> new LogTables.Row(row)).list().stream()
        .map(row -> proven(row, end.size(), root, tree))
        .toList();
  }

  private static Page.Found proven(LogTables.Row row, long size, Hash root, Nodes tree) {
    long index = row.index();
    byte[] bytes = row.bytes();
    if (bytes == null) {
      throw tampered(index, "has lost its bytes");
    }
    List<Hash> path = Proofs.inclusion(index, size, tree);
    if (!Proofs.verifyInclusion(index, size, Hash.leaf(bytes), path, root)) {
      throw tampered(index, "is not what the signed tree holds there");
    }
    AuditEntry entry = AuditEntry.parse(bytes);
    if (!Columns.of(entry).equals(row.columns())) {
      throw tampered(index, "is indexed under values that are not in its bytes");
    }
    return new Page.Found(index, entry);
  }

  private LogState end(UnitOfWork work, Actor reader) {
    String brokerage = reader.brokerage().key();
    return guard.find(work, brokerage).orElseGet(() -> LogState.empty(brokerage));
  }

  private static SignedNote note(LogState end) {
    return SignedNote.parse(end.note().getBytes(StandardCharsets.UTF_8));
  }

  private static Object bindable(UnitOfWork work, Object bind) {
    boolean text = bind instanceof UUID && work.dialect() == Dialect.SQLITE;
    return text ? bind.toString() : bind;
  }

  private static VestaException tampered(long index, String what) {
    return new VestaException(
        AuditError.ENTRY_TAMPERED,
        "the audit entry " + index + " " + what + "; verify the log and restore what was changed");
  }
}
