package io.vesta.approval.store.internal;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Dispatch;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Terms;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.store.Change;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.ContactId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.core.id.ThreadId;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drafts over JDBC. The two engines differ in how rows are taken, and in how they hold a UUID. */
public final class JdbcDraftStore implements DraftStore {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcDraftStore.class);

  private static final ResourceColumns COLUMNS =
      ResourceColumns.builder(ResourceType.DRAFT, "d.brokerage")
          .owner("d.owner")
          .team("d.team")
          .office("d.office")
          .ownership("d.ownership")
          .routedToReview("d.routed")
          .createdAt("d.created_at")
          .build();

  private static final String DRAFTS =
      "(select t.*,"
          // As Attribution tells the authorizer: what is a team's is the team's.
          + " case when t.team is null then 'AGENT' else 'TEAM' end as ownership"
          + " from vesta_draft t) d";

  private static final String COLUMNS_READ =
      "select d.*, c.envelope, c.lint, c.author, c.model, c.written_at from ";

  private static final String CONTENT =
      " left join vesta_draft_content c on c.brokerage = d.brokerage and c.draft = d.draft"
          + " and c.revision = d.revision";

  private static final String SELECT = COLUMNS_READ + DRAFTS + CONTENT;

  private static final String URGENT_FIRST =
      " order by d.priority desc, d.expires_at, d.draft limit ?";

  private static final String SET =
      "version = :version, state = :state, approvals = :approvals, priority = :priority, routed = :routed,"
          + " expires_at = :expires, context = :context, revision = :revision, dedupe_key = :key,"
          + " attempts = :attempts, fence = :fence, lease_until = :lease, next_at = :next,"
          + " first_at = :first, maybe_out = :maybe, evidence = :evidence, assignee = :assignee, reason = :reason,"
          + " seal = :seal, hold_until = null";

  private static final String MOVE =
      "update vesta_draft set "
          + SET
          + " where brokerage = :brokerage and draft = :draft"
          + " and version = :seen and state = :from";

  private static final String APPROVAL_COLUMNS =
      "insert into vesta_approval (brokerage, draft, id, revision, approver, capacity,"
          + " envelope_sha256, context_sha256, lint_sha256, policy_version, needed, approved_at,"
          + " expires_at, exemption, key_id, seal) ";

  private static final String APPROVAL_VALUES =
      ":brokerage, :draft, :approvalId, :approvalRevision, :approver, :capacity, :envelopeDigest,"
          + " :contextDigest, :lintDigest, :policy, :needed, :approvedAt, :approvedUntil,"
          + " :exemption, :keyId, :approvalSeal";

  private static final String APPROVE = APPROVAL_COLUMNS + "values (" + APPROVAL_VALUES + ")";

  private static final String MOVE_AND_APPROVE =
      "with moved as ("
          + MOVE
          + " returning 1) "
          + APPROVAL_COLUMNS
          + "select "
          + APPROVAL_VALUES
          + " from moved";

  /** A store; it has no state. */
  public JdbcDraftStore() {}

  @Override
  public ResourceColumns columns() {
    return COLUMNS;
  }

  @Override
  public void add(UnitOfWork work, Draft draft) {
    statement(() -> insert(work, draft));
  }

  private static int insert(UnitOfWork work, Draft draft) {
    Attribution attribution = draft.attribution();
    return bind(
            work.handle()
                .createUpdate(
                    "insert into vesta_draft (brokerage, draft, version, state, channel, owner,"
                        + " team, office, contact, thread, approvals, priority, routed, creator,"
                        + " created_at, expires_at, context, revision, dedupe_key, attempts,"
                        + " fence, lease_until, next_at, first_at, maybe_out, evidence,"
                        + " assignee, reason, seal)"
                        + " values (:brokerage, :draft, :version, :state, :channel, :owner, :team,"
                        + " :office, :contact, :thread, :approvals, :priority, :routed, :creator, :created,"
                        + " :expires, :context, :revision, :key, :attempts, :fence, :lease, :next,"
                        + " :first, :maybe, :evidence, :assignee, :reason, :seal)"),
            draft)
        .bind("channel", draft.channel().name())
        .bind("owner", attribution.owner().key())
        .bind("team", attribution.team() == null ? null : attribution.team().key())
        .bind("office", attribution.office() == null ? null : attribution.office().key())
        .bind("contact", attribution.contact() == null ? null : attribution.contact().key())
        .bind("thread", attribution.thread() == null ? null : attribution.thread().key())
        .bind("creator", draft.terms().creator().toString())
        .bind("created", draft.terms().createdAt().toEpochMilli())
        .execute();
  }

  @Override
  public Optional<Draft> find(UnitOfWork work, DraftId id) {
    return statement(
        () ->
            identified(work, SELECT + " where d.brokerage = :brokerage and d.draft = :draft", id)
                .map((row, context) -> draft(row))
                .findOne());
  }

  @Override
  public boolean apply(UnitOfWork work, Change change) {
    return statement(() -> update(work, change));
  }

  private static boolean update(UnitOfWork work, Change change) {
    Draft after = change.after();
    Approval approval = change.approval();
    // A move and its approval are one round trip, where the engine is that far away. Not where
    // others are revoked first: an approver may be among them.
    boolean together = approval != null && !change.revoke() && work.dialect() == Dialect.POSTGRESQL;
    Update update =
        bind(work.handle().createUpdate(together ? MOVE_AND_APPROVE : MOVE), after)
            .bind("seen", change.before().version())
            .bind("from", change.before().state().name());
    if (approval != null && together) {
      bind(update, approval, false);
    }
    if (update.execute() == 0) {
      return false;
    }
    Content content = after.content();
    if (content != null && !content.equals(change.before().content())) {
      keep(work, content, change.before().content());
    }
    if (change.revoke()) {
      work.handle()
          .createUpdate(
              "update vesta_approval set revoked = 1 where brokerage = :brokerage"
                  + " and draft = :draft and revoked = 0")
          .bind("brokerage", after.id().brokerage().key())
          .bind("draft", after.id().key())
          .execute();
    }
    if (approval != null && !together) {
      bind(work.handle().createUpdate(APPROVE), approval, work.dialect() == Dialect.SQLITE)
          .execute();
    }
    return true;
  }

  private static void keep(UnitOfWork work, Content content, @Nullable Content before) {
    Envelope envelope = content.envelope();
    if (before != null && before.envelope().equals(envelope)) {
      // The same text under new findings.
      work.handle()
          .createUpdate(
              "update vesta_draft_content set lint = :lint where brokerage = :brokerage"
                  + " and draft = :draft and revision = :revision")
          .bind("lint", content.lint().bytes())
          .bind("brokerage", envelope.draft().brokerage().key())
          .bind("draft", envelope.draft().key())
          .bind("revision", envelope.revision())
          .execute();
      return;
    }
    work.handle()
        .createUpdate(
            "insert into vesta_draft_content (brokerage, draft, revision, envelope, lint, author,"
                + " model, written_at) values (:brokerage, :draft, :revision, :envelope, :lint,"
                + " :author, :model, :written)")
        .bind("brokerage", envelope.draft().brokerage().key())
        .bind("draft", envelope.draft().key())
        .bind("revision", envelope.revision())
        .bind("envelope", envelope.bytes())
        .bind("lint", content.lint().bytes())
        .bind("author", content.author().toString())
        .bind("model", content.model())
        .bind("written", content.writtenAt().toEpochMilli())
        .execute();
  }

  private static Update bind(Update update, Approval approval, boolean text) {
    return update
        .bind("brokerage", approval.draft().brokerage().key())
        .bind("draft", approval.draft().key())
        .bind("approvalId", text ? approval.id().toString() : approval.id())
        .bind("approvalRevision", approval.revision())
        .bind("approver", approval.approver().key())
        .bind("capacity", approval.capacity().role())
        .bind("envelopeDigest", approval.envelopeDigest())
        .bind("contextDigest", approval.contextDigest())
        .bind("lintDigest", approval.lintDigest())
        .bind("policy", approval.policyVersion())
        .bind("needed", approval.needed())
        .bind("approvedAt", approval.approvedAt().toEpochMilli())
        .bind("approvedUntil", approval.expiresAt().toEpochMilli())
        .bind("exemption", approval.exemption())
        .bind("keyId", approval.keyId())
        .bind("approvalSeal", approval.seal());
  }

  @Override
  public List<Approval> approvals(UnitOfWork work, DraftId id) {
    return statement(
        () ->
            identified(
                    work,
                    "select * from vesta_approval where brokerage = :brokerage and draft = :draft"
                        + " and revoked = 0 order by approved_at, id",
                    id)
                .map((row, context) -> approval(row, id))
                .list());
  }

  @Override
  public void waive(UnitOfWork work, Waiver waiver) {
    boolean text = work.dialect() == Dialect.SQLITE;
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "insert into vesta_waiver (brokerage, draft, id, revision, rule, waived_by,"
                        + " capacity, envelope_sha256, context_sha256, lint_sha256, policy_version,"
                        + " reason, waived_at, seal) values (:brokerage, :draft, :id, :revision,"
                        + " :rule, :by, :capacity, :envelope, :context, :lint, :policy, :reason,"
                        + " :at, :seal)")
                .bind("brokerage", waiver.draft().brokerage().key())
                .bind("draft", waiver.draft().key())
                .bind("id", text ? waiver.id().toString() : waiver.id())
                .bind("revision", waiver.revision())
                .bind("rule", waiver.rule())
                .bind("by", waiver.by().key())
                .bind("capacity", waiver.capacity().role())
                .bind("envelope", waiver.envelopeDigest())
                .bind("context", waiver.contextDigest())
                .bind("lint", waiver.lintDigest())
                .bind("policy", waiver.policyVersion())
                .bind("reason", waiver.reason())
                .bind("at", waiver.at().toEpochMilli())
                .bind("seal", waiver.seal())
                .execute());
  }

  @Override
  public List<Waiver> waivers(UnitOfWork work, DraftId id) {
    return statement(
        () ->
            identified(
                    work,
                    "select * from vesta_waiver where brokerage = :brokerage and draft = :draft"
                        + " order by waived_at, id",
                    id)
                .map((row, context) -> waiver(row, id))
                .list());
  }

  @Override
  public Optional<DraftId> keyed(UnitOfWork work, BrokerageId brokerage, String key) {
    if (key.isEmpty()) {
      return Optional.empty();
    }
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select draft from vesta_draft where brokerage = :brokerage"
                        + " and dedupe_key = :key and dedupe_key <> ''")
                .bind("brokerage", brokerage.key())
                .bind("key", key)
                .map((row, context) -> new DraftId(brokerage, row.getString(1)))
                .findFirst());
  }

  @Override
  public Map<DraftState, Waiting> waiting(
      UnitOfWork work, BrokerageId brokerage, RowFilter filter, Set<DraftState> states) {
    List<Object> binds = new ArrayList<>();
    StringBuilder sql =
        new StringBuilder("select d.state, count(*), min(d.created_at) from ").append(DRAFTS);
    where(sql, binds, brokerage, states);
    allow(sql, binds, filter);
    sql.append(" group by d.state");
    Query prepared = prepared(work, sql, binds);
    return statement(
        () -> {
          Map<DraftState, Waiting> found = new EnumMap<>(DraftState.class);
          prepared
              .map(
                  (row, context) ->
                      Map.entry(
                          DraftState.valueOf(row.getString(1)),
                          new Waiting(row.getLong(2), Instant.ofEpochMilli(row.getLong(3)))))
              .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
          return found;
        });
  }

  private static void where(
      StringBuilder sql, List<Object> binds, BrokerageId brokerage, Set<DraftState> states) {
    binds.add(brokerage.key());
    sql.append(" where d.brokerage = ? and d.state in (")
        .append(String.join(", ", Collections.nCopies(states.size(), "?")))
        .append(')');
    states.stream().map(DraftState::name).sorted().forEach(binds::add);
  }

  private static void allow(StringBuilder sql, List<Object> binds, RowFilter filter) {
    sql.append(" and (").append(filter.sql()).append(')');
    binds.addAll(filter.binds());
  }

  private static Query prepared(UnitOfWork work, StringBuilder sql, List<Object> binds) {
    Query prepared = work.handle().createQuery(sql.toString());
    for (int i = 0; i < binds.size(); i++) {
      prepared.bind(i, binds.get(i));
    }
    return prepared;
  }

  @Override
  public List<Content> revisions(UnitOfWork work, DraftId id) {
    return statement(
        () ->
            identified(
                    work,
                    "select * from vesta_draft_content where brokerage = :brokerage"
                        + " and draft = :draft order by revision",
                    id)
                .map((row, context) -> content(row))
                .list());
  }

  @Override
  public List<Draft> page(
      UnitOfWork work, BrokerageId brokerage, RowFilter filter, DraftQuery query) {
    Position after = query.after() == null ? null : position(work, brokerage, query.after());
    while (true) {
      List<Row> rows = rows(work, brokerage, filter, query, after);
      List<Draft> page = rows.stream().flatMap(row -> row.draft().stream()).toList();
      if (!page.isEmpty() || rows.size() < query.limit()) {
        return page;
      }
      after = rows.get(rows.size() - 1).position();
    }
  }

  /** Where a draft stands in the order of the queue. */
  private record Position(int priority, long expires, String key) {}

  /** A row of the queue; without a draft if it cannot be read. */
  private record Row(Position position, Optional<Draft> draft) {}

  private static Position position(UnitOfWork work, BrokerageId brokerage, DraftId after) {
    return statement(
            () ->
                identified(
                        work,
                        "select * from vesta_draft where brokerage = :brokerage"
                            + " and draft = :draft",
                        after)
                    .map((row, context) -> position(row))
                    .findOne())
        .filter(found -> after.brokerage().equals(brokerage))
        .orElseThrow(
            () ->
                VestaException.invalid(
                    "page start", "a draft that is not there", "begin at the first page again"));
  }

  private static Position position(ResultSet row) throws SQLException {
    return new Position(row.getInt("priority"), row.getLong("expires_at"), row.getString("draft"));
  }

  private static List<Row> rows(
      UnitOfWork work,
      BrokerageId brokerage,
      RowFilter filter,
      DraftQuery query,
      @Nullable Position after) {
    List<Object> binds = new ArrayList<>();
    StringBuilder sql = new StringBuilder(COLUMNS_READ).append('(');
    String union = "";
    // Each state's first rows by themselves: an index has them in order, and of all states together
    // none has.
    for (DraftState state : new TreeSet<>(query.states())) {
      sql.append(union).append("select * from (select d.* from ").append(DRAFTS);
      union = " union all ";
      where(sql, binds, brokerage, Set.of(state));
      if (after != null) {
        sql.append(
            " and (d.priority < ? or (d.priority = ? and (d.expires_at > ? or (d.expires_at = ?"
                + " and d.draft > ?))))");
        binds.addAll(
            List.of(
                after.priority(), after.priority(), after.expires(), after.expires(), after.key()));
      }
      allow(sql, binds, filter);
      sql.append(URGENT_FIRST).append(") of_").append(state.name());
      binds.add(query.limit());
    }
    sql.append(") d").append(CONTENT).append(URGENT_FIRST);
    binds.add(query.limit());
    Query prepared = prepared(work, sql, binds);
    return statement(
        () -> prepared.map((row, context) -> new Row(position(row), readable(row))).list());
  }

  private static Optional<Draft> readable(ResultSet row) throws SQLException {
    try {
      return Optional.of(draft(row));
    } catch (VestaException e) {
      LOG.warn("The stored draft {} cannot be read", row.getString("draft"));
      return Optional.empty();
    }
  }

  @Override
  public List<DraftId> takeDue(UnitOfWork work, Instant now, int most) {
    return take(
        work,
        "state in ('APPROVED', 'RETRY') and next_at <= :now)"
            + " order by next_at, brokerage, draft",
        now,
        most);
  }

  @Override
  public List<DraftId> takeOverdue(UnitOfWork work, Instant now, int most) {
    return take(
        work,
        "(lease_until < :now and state in ('GENERATING', 'DISPATCHING'))"
            + " or (expires_at <= :now and state in ('PENDING', 'STALE', 'APPROVED'))"
            + " or (next_at <= :now and state = 'UNKNOWN'))",
        now,
        most);
  }

  private static List<DraftId> take(UnitOfWork work, String which, Instant now, int most) {
    // On SQLite the unit of work holds the one writer's lock, so nobody else takes anything.
    String lock = work.dialect() == Dialect.POSTGRESQL ? " for update skip locked" : "";
    return statement(
        () ->
            work.handle()
                .createQuery(
                    "select brokerage, draft from vesta_draft"
                        + " where (hold_until is null or hold_until <= :now) and ("
                        + which
                        + " limit :most"
                        + lock)
                .bind("now", now.toEpochMilli())
                .bind("most", most)
                .map(
                    (row, context) ->
                        new DraftId(new BrokerageId(row.getString(1)), row.getString(2)))
                .list());
  }

  @Override
  public void reschedule(UnitOfWork work, DraftId id, @Nullable Instant at) {
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "update vesta_draft set next_at = :at where brokerage = :brokerage"
                        + " and draft = :draft and next_at is not null")
                .bind("at", millis(at))
                .bind("brokerage", id.brokerage().key())
                .bind("draft", id.key())
                .execute());
  }

  @Override
  public void putOff(UnitOfWork work, DraftId id, Instant until) {
    statement(
        () ->
            work.handle()
                .createUpdate(
                    "update vesta_draft set hold_until = :until where brokerage = :brokerage"
                        + " and draft = :draft")
                .bind("until", until.toEpochMilli())
                .bind("brokerage", id.brokerage().key())
                .bind("draft", id.key())
                .execute());
  }

  private static Query identified(UnitOfWork work, String sql, DraftId id) {
    return work.handle()
        .createQuery(sql)
        .bind("brokerage", id.brokerage().key())
        .bind("draft", id.key());
  }

  private static Update bind(Update update, Draft draft) {
    Dispatch dispatch = draft.dispatch();
    return update
        .bind("brokerage", draft.id().brokerage().key())
        .bind("draft", draft.id().key())
        .bind("version", draft.version())
        .bind("state", draft.state().name())
        .bind("approvals", draft.terms().approvals())
        .bind("priority", draft.terms().priority())
        .bind("routed", draft.terms().routed() ? 1 : 0)
        .bind("expires", draft.terms().expiresAt().toEpochMilli())
        .bind("context", draft.context().bytes())
        .bind("revision", draft.written().map(content -> content.envelope().revision()).orElse(0))
        .bind("key", dispatch.key())
        .bind("attempts", dispatch.attempts())
        .bind("fence", dispatch.fence())
        .bind("lease", millis(dispatch.leaseUntil()))
        .bind("next", millis(dispatch.nextAt()))
        .bind("first", millis(dispatch.firstAt()))
        .bind("maybe", dispatch.maybeOut() ? 1 : 0)
        .bind("evidence", dispatch.evidence())
        .bind("assignee", draft.assignee() == null ? null : draft.assignee().key())
        .bind("reason", draft.reason())
        .bind("seal", draft.seal());
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  private static Draft draft(ResultSet row) throws SQLException {
    try {
      return parse(row);
    } catch (VestaException | IllegalArgumentException e) {
      throw unreadable("the stored draft ", row.getString("draft"), e);
    }
  }

  private static Draft parse(ResultSet row) throws SQLException {
    BrokerageId brokerage = new BrokerageId(row.getString("brokerage"));
    String team = row.getString("team");
    String office = row.getString("office");
    String contact = row.getString("contact");
    String thread = row.getString("thread");
    String assignee = row.getString("assignee");
    DraftId id = new DraftId(brokerage, row.getString("draft"));
    return new Draft(
        id,
        row.getLong("version"),
        DraftState.valueOf(row.getString("state")),
        new Channel(row.getString("channel")),
        new Attribution(
            new MemberId(brokerage, row.getString("owner")),
            team == null ? null : new TeamId(brokerage, team),
            office == null ? null : new OfficeId(brokerage, office),
            contact == null ? null : new ContactId(brokerage, contact),
            thread == null ? null : new ThreadId(brokerage, thread)),
        new Terms(
            row.getInt("approvals"),
            row.getInt("priority"),
            row.getInt("routed") != 0,
            Ref.parse(row.getString("creator")),
            Instant.ofEpochMilli(row.getLong("created_at")),
            Instant.ofEpochMilli(row.getLong("expires_at"))),
        DraftContext.parse(row.getBytes("context")),
        row.getBytes("envelope") == null ? null : content(row),
        new Dispatch(
            row.getString("dedupe_key"),
            row.getInt("attempts"),
            row.getLong("fence"),
            instant(row, "lease_until"),
            instant(row, "next_at"),
            instant(row, "first_at"),
            row.getInt("maybe_out") != 0,
            row.getString("evidence")),
        assignee == null ? null : new MemberId(brokerage, assignee),
        row.getString("reason"),
        row.getString("seal"));
  }

  private static Content content(ResultSet row) throws SQLException {
    return new Content(
        Envelope.parse(row.getBytes("envelope")),
        LintReport.parse(row.getBytes("lint")),
        Ref.parse(row.getString("author")),
        row.getString("model"),
        Instant.ofEpochMilli(row.getLong("written_at")));
  }

  private static Approval approval(ResultSet row, DraftId id) throws SQLException {
    try {
      return parse(row, id);
    } catch (VestaException | IllegalArgumentException e) {
      throw unreadable("a stored approval of the draft ", id.key(), e);
    }
  }

  private static Approval parse(ResultSet row, DraftId id) throws SQLException {
    return new Approval(
        UUID.fromString(row.getString("id")),
        id,
        row.getInt("revision"),
        new MemberId(id.brokerage(), row.getString("approver")),
        new Capacity(row.getString("capacity")),
        row.getString("envelope_sha256"),
        row.getString("context_sha256"),
        row.getString("lint_sha256"),
        row.getString("policy_version"),
        row.getInt("needed"),
        Instant.ofEpochMilli(row.getLong("approved_at")),
        Instant.ofEpochMilli(row.getLong("expires_at")),
        row.getString("exemption"),
        row.getString("key_id"),
        row.getString("seal"));
  }

  private static Waiver waiver(ResultSet row, DraftId id) throws SQLException {
    try {
      return new Waiver(
          UUID.fromString(row.getString("id")),
          id,
          row.getInt("revision"),
          row.getString("rule"),
          new MemberId(id.brokerage(), row.getString("waived_by")),
          new Capacity(row.getString("capacity")),
          row.getString("envelope_sha256"),
          row.getString("context_sha256"),
          row.getString("lint_sha256"),
          row.getString("policy_version"),
          row.getString("reason"),
          Instant.ofEpochMilli(row.getLong("waived_at")),
          row.getString("seal"));
    } catch (VestaException | IllegalArgumentException e) {
      throw unreadable("a stored waiver of the draft ", id.key(), e);
    }
  }

  private static VestaException unreadable(String what, String draft, RuntimeException cause) {
    return new VestaException(
        ApprovalError.TAMPERED,
        what + draft + " cannot be read; find out who changed its row, and restore it",
        cause);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private static <T> T statement(Supplier<T> statement) {
    try {
      return statement.get();
    } catch (JdbiException e) {
      throw new VestaException(
          CoreError.STORAGE_FAILED, "the database refused a statement about drafts", e);
    }
  }
}
