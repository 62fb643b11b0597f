package io.vesta.approval.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Dispatch;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.draft.Terms;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.store.Change;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.RowFilter;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.ContactId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.core.id.ThreadId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The contract of {@link DraftStore}, on every engine. Inherit it, supply a store over a fresh
 * database, and run it.
 */
public abstract class DraftStoreContract {

  private static final BrokerageId ACME = new BrokerageId("acme");
  private static final BrokerageId ZETA = new BrokerageId("zeta");
  private static final Instant NOW = Instant.parse("2026-03-04T15:06:07.089Z");

  @TempDir Path directory;

  /** For subclasses. */
  protected DraftStoreContract() {}

  /** A store whose tables are installed in the database. */
  protected abstract DraftStore store(Engine.Fresh fresh);

  private record Bench(DraftStore store, Engine.Fresh fresh) {

    <T> T write(Function<UnitOfWork, T> work) {
      return fresh.database().write(work);
    }

    Draft add(Draft draft) {
      return write(
          work -> {
            store.add(work, draft);
            return draft;
          });
    }

    boolean apply(Change change) {
      return write(work -> store.apply(work, change));
    }

    Optional<Draft> find(DraftId id) {
      return fresh.database().read(work -> store.find(work, id));
    }

    List<Approval> approvals(DraftId id) {
      return fresh.database().read(work -> store.approvals(work, id));
    }

    List<Content> revisions(DraftId id) {
      return fresh.database().read(work -> store.revisions(work, id));
    }

    List<DraftId> due(Instant now, int most) {
      return write(work -> store.takeDue(work, now, most));
    }

    Set<DraftId> overdue(Instant now) {
      return new HashSet<>(write(work -> store.takeOverdue(work, now, 100)));
    }
  }

  private Bench bench(Engine engine) {
    Engine.Fresh fresh = engine.fresh(directory);
    return new Bench(store(fresh), fresh);
  }

  private static Draft writing(DraftId id, int priority, Instant expiry) {
    BrokerageId at = id.brokerage();
    MemberId ann = new MemberId(at, "ann");
    return new Draft(
        id,
        1,
        DraftState.GENERATING,
        Channel.EMAIL,
        new Attribution(
            ann,
            new TeamId(at, "t1"),
            new OfficeId(at, "o1"),
            new ContactId(at, "c1"),
            new ThreadId(at, "h1")),
        new Terms(2, priority, ann.ref(), NOW, expiry),
        new DraftContext(Map.of("thread", "m1"), Map.of("city", "Ciudad Ju\u00e1rez \ud83c\udfe1")),
        null,
        Dispatch.writing(NOW.plusSeconds(60)),
        null,
        "",
        "k:" + "0".repeat(64));
  }

  private static Draft writing(String key) {
    return writing(new DraftId(ACME, key), 50, NOW.plus(Duration.ofDays(2)));
  }

  private static Content content(DraftId id, int revision, String body) {
    Envelope envelope =
        Envelope.builder(
                id,
                revision,
                Channel.EMAIL,
                new Sender(new Address("ann@acme.example"), "Ann \u00c5gent"))
            .add(Recipient.Role.TO, new Address("cleo@client.example"))
            .add(Recipient.Role.BCC, new Address("file@acme.example"))
            .subject("Cafe\u0301 \u202e")
            .body(body)
            .build();
    LintReport lint =
        new LintReport(
            List.of(new Finding("FH-01", Verdict.REVIEW, 0, 3, "Why \u00fc.", "Mend.")),
            "ab".repeat(32));
    return new Content(envelope, lint, new Ref("Bot", "b1"), "model-1", NOW.plusMillis(1));
  }

  /** The next version in a state, with its dispatch and content. */
  private static Draft next(Draft before, DraftState state, Content content, Dispatch dispatch) {
    return new Draft(
        before.id(),
        before.version() + 1,
        state,
        before.channel(),
        before.attribution(),
        before.terms(),
        before.context(),
        content,
        dispatch,
        new MemberId(before.id().brokerage(), "lea"),
        "WHY",
        "k:" + Long.toHexString(before.version()) + "0".repeat(63));
  }

  private static Draft pending(Draft before) {
    Content content = content(before.id(), 1, "Hello\n\tCleo \ud83d\ude00");
    return next(before, DraftState.PENDING, content, before.dispatch().notDue());
  }

  private static Change change(Draft before, Draft after) {
    return new Change(before, after, false, null);
  }

  private Draft stored(Bench bench, String key) {
    Draft written = bench.add(writing(key));
    Draft pending = pending(written);
    assertTrue(bench.apply(change(written, pending)));
    return pending;
  }

  private Draft stored(Bench bench, String key, DraftState state, Dispatch dispatch) {
    Draft pending = stored(bench, key);
    Draft after = next(pending, state, pending.content(), dispatch);
    assertTrue(bench.apply(change(pending, after)));
    return after;
  }

  private static Dispatch dueAt(Instant at) {
    return Dispatch.writing(NOW).notDue().due("ab".repeat(32), at);
  }

  private static Approval approval(Draft draft, String approver, int second) {
    return new Approval(
        new UUID(0x0190_0000_0000_7000L | second, 0x8000_0000_0000_0000L | second),
        draft.id(),
        1,
        new MemberId(draft.id().brokerage(), approver),
        Capacity.BROKER,
        "01".repeat(32),
        "02".repeat(32),
        "03".repeat(32),
        "p1",
        2,
        NOW.plusMillis(second),
        NOW.plus(Duration.ofDays(1)),
        "",
        "key-1",
        "04".repeat(32));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds01_what_is_added_is_found_equal(Engine engine) {
    Bench bench = bench(engine);
    Draft draft = bench.add(writing("d1"));
    assertEquals(Optional.of(draft), bench.find(draft.id()));
    assertEquals(Optional.empty(), bench.find(new DraftId(ACME, "d2")));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds02_what_is_done_vanishes_with_its_unit_of_work(Engine engine)
      throws SQLException {
    Bench bench = bench(engine);
    Draft kept = stored(bench, "kept");
    Draft after = next(kept, DraftState.APPROVED, kept.content(), dueAt(NOW));
    try (Connection host = bench.fresh().host().getConnection()) {
      host.setAutoCommit(false);
      UnitOfWork work = bench.fresh().database().join(host);
      bench.store().add(work, writing("d1"));
      Change change = new Change(kept, after, true, approval(kept, "bob", 1));
      assertTrue(bench.store().apply(work, change));
      bench.store().putOff(work, kept.id(), NOW);
      host.rollback();
    }
    assertEquals(Optional.empty(), bench.find(new DraftId(ACME, "d1")));
    assertEquals(Optional.of(kept), bench.find(kept.id()));
    assertEquals(List.of(), bench.approvals(kept.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds03_an_id_is_added_once(Engine engine) {
    Bench bench = bench(engine);
    Draft draft = bench.add(writing("d1"));
    Draft other = writing(draft.id(), 99, NOW.plusSeconds(1));
    assertThrows(VestaException.class, () -> bench.add(other));
    assertEquals(Optional.of(draft), bench.find(draft.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds04_brokerages_are_apart(Engine engine) {
    Bench bench = bench(engine);
    Draft ours = bench.add(writing("d1"));
    DraftId theirId = new DraftId(ZETA, "d1");
    Draft theirs = bench.add(writing(theirId, 1, NOW.plusSeconds(9)));
    Draft after = pending(theirs);
    assertTrue(bench.apply(new Change(theirs, after, true, approval(after, "bob", 1))));
    assertEquals(Optional.of(ours), bench.find(ours.id()));
    assertEquals(Optional.of(after), bench.find(theirId));
    assertEquals(List.of(), bench.approvals(ours.id()));
    assertEquals(List.of(), bench.revisions(ours.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds05_a_change_is_found_equal_byte_for_byte(Engine engine) {
    Bench bench = bench(engine);
    Draft pending = stored(bench, "d1");
    assertEquals(Optional.of(pending), bench.find(pending.id()));
    Dispatch far =
        new Dispatch(
            "cd".repeat(32), 3, 7, NOW.plusMillis(1), NOW.plusMillis(2), NOW, true, "id-\u00fc");
    Draft unknown = next(pending, DraftState.UNKNOWN, pending.content(), far);
    assertTrue(bench.apply(change(pending, unknown)));
    assertEquals(Optional.of(unknown), bench.find(pending.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds06_an_older_version_changes_nothing(Engine engine) {
    Bench bench = bench(engine);
    Draft old = stored(bench, "d1");
    Draft now = next(old, DraftState.PENDING, old.content(), old.dispatch());
    assertTrue(bench.apply(new Change(old, now, false, approval(old, "ann", 1))));
    Draft late = next(old, DraftState.APPROVED, content(old.id(), 2, "x"), dueAt(NOW));
    assertFalse(bench.apply(new Change(old, late, true, approval(old, "bob", 2))));
    assertEquals(Optional.of(now), bench.find(old.id()));
    assertEquals(List.of(approval(old, "ann", 1)), bench.approvals(old.id()));
    assertEquals(1, bench.revisions(old.id()).size());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds07_another_state_changes_nothing(Engine engine) {
    Bench bench = bench(engine);
    Draft pending = stored(bench, "d1");
    Draft imagined = next(writing("d1"), DraftState.STALE, pending.content(), pending.dispatch());
    assertEquals(pending.version(), imagined.version());
    Draft after = next(imagined, DraftState.SKIPPED, imagined.content(), imagined.dispatch());
    assertFalse(bench.apply(change(imagined, after)));
    assertEquals(Optional.of(pending), bench.find(pending.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds08_of_two_changes_of_one_version_exactly_one_is_made(Engine engine)
      throws Exception {
    Bench bench = bench(engine);
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 10; round++) {
        Draft draft = stored(bench, "d" + round);
        List<Callable<Boolean>> both = new ArrayList<>();
        for (String who : List.of("ann", "bob")) {
          Draft after = next(draft, DraftState.PENDING, draft.content(), draft.dispatch());
          both.add(() -> bench.apply(new Change(draft, after, false, approval(draft, who, 1))));
        }
        int made = 0;
        for (Future<Boolean> one : two.invokeAll(both)) {
          made += one.get() ? 1 : 0;
        }
        assertEquals(1, made);
        assertEquals(1, bench.approvals(draft.id()).size());
      }
    } finally {
      two.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds09_approvals_are_kept_oldest_first_until_they_are_revoked(Engine engine) {
    Bench bench = bench(engine);
    Draft one = stored(bench, "d1");
    Draft two = next(one, DraftState.PENDING, one.content(), one.dispatch());
    Draft three = next(two, DraftState.APPROVED, two.content(), dueAt(NOW));
    Approval later = approval(one, "ann", 2);
    Approval earlier = approval(one, "bob", 1);
    assertTrue(bench.apply(new Change(one, two, false, later)));
    assertTrue(bench.apply(new Change(two, three, false, earlier)));
    assertEquals(List.of(earlier, later), bench.approvals(one.id()));
    Draft four = next(three, DraftState.STALE, three.content(), three.dispatch().notDue());
    assertTrue(bench.apply(new Change(three, four, true, null)));
    assertEquals(List.of(), bench.approvals(one.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds10_a_person_approves_a_revision_once(Engine engine) {
    Bench bench = bench(engine);
    Draft one = stored(bench, "d1");
    Draft two = next(one, DraftState.PENDING, one.content(), one.dispatch());
    assertTrue(bench.apply(new Change(one, two, false, approval(one, "ann", 1))));
    Draft three = next(two, DraftState.APPROVED, two.content(), dueAt(NOW));
    Change twice = new Change(two, three, false, approval(one, "ann", 2));
    assertThrows(VestaException.class, () -> bench.apply(twice));
    assertEquals(Optional.of(two), bench.find(one.id()));
    Change again = new Change(two, three, true, approval(one, "ann", 2));
    assertTrue(bench.apply(again), "a revoked one does not count");
    assertEquals(List.of(approval(one, "ann", 2)), bench.approvals(one.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds11_every_revision_is_kept_and_new_findings_replace_old_ones(
      Engine engine) {
    Bench bench = bench(engine);
    Draft one = stored(bench, "d1");
    Content second = content(one.id(), 2, "Another text");
    Draft two = next(one, DraftState.PENDING, second, one.dispatch());
    assertTrue(bench.apply(change(one, two)));
    Content clean =
        new Content(
            second.envelope(),
            new LintReport(List.of(), "cd".repeat(32)),
            second.author(),
            second.model(),
            second.writtenAt());
    Draft three = next(two, DraftState.PENDING, clean, two.dispatch());
    assertTrue(bench.apply(change(two, three)));
    assertEquals(List.of(one.content(), clean), bench.revisions(one.id()));
    assertEquals(Optional.of(three), bench.find(one.id()));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds12_pages_are_filtered_ordered_and_complete(Engine engine) {
    Bench bench = bench(engine);
    List<String> expected = new ArrayList<>();
    for (int priority = 9; priority > 6; priority--) {
      for (int hour = 1; hour < 3; hour++) {
        for (String tie : List.of("a", "b")) {
          String key = "p" + priority + "h" + hour + tie;
          DraftId id = new DraftId(ACME, key);
          Draft draft = bench.add(writing(id, priority, NOW.plus(Duration.ofHours(hour))));
          assertTrue(bench.apply(change(draft, pending(draft))));
          expected.add(key);
        }
      }
    }
    bench.add(writing("not-pending"));
    Draft theirs = bench.add(writing(new DraftId(ZETA, "x"), 100, NOW.plusSeconds(1)));
    assertTrue(bench.apply(change(theirs, pending(theirs))));
    String owner = bench.store().columns().owner().orElseThrow();
    RowFilter ann =
        new RowFilter.Where(
            bench.store().columns().brokerage() + " = ? and " + owner + " = ?",
            List.of("acme", "ann"),
            "p1");
    List<String> read = new ArrayList<>();
    DraftId after = null;
    while (true) {
      DraftQuery query = new DraftQuery(Set.of(DraftState.PENDING), after, 5);
      List<Draft> page =
          bench.fresh().database().read(work -> bench.store().page(work, ACME, ann, query));
      if (page.isEmpty()) {
        break;
      }
      assertTrue(page.size() <= 5);
      page.forEach(draft -> read.add(draft.id().key()));
      after = page.get(page.size() - 1).id();
    }
    assertEquals(expected, read);
    RowFilter nobody = new RowFilter.Where(owner + " = ?", List.of("nobody"), "p1");
    assertEquals(
        List.of(),
        bench
            .fresh()
            .database()
            .read(work -> bench.store().page(work, ACME, nobody, DraftQuery.open(5))));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds13_what_is_due_is_taken_the_longest_due_first(Engine engine) {
    Bench bench = bench(engine);
    stored(bench, "later", DraftState.APPROVED, dueAt(NOW.plusMillis(1)));
    stored(bench, "second", DraftState.RETRY, dueAt(NOW));
    stored(bench, "first", DraftState.APPROVED, dueAt(NOW.minusMillis(1)));
    stored(bench, "unknown", DraftState.UNKNOWN, dueAt(NOW.minusMillis(1)));
    stored(bench, "pending");
    List<DraftId> expected = List.of(new DraftId(ACME, "first"), new DraftId(ACME, "second"));
    assertEquals(expected, bench.due(NOW, 10));
    assertEquals(expected.subList(0, 1), bench.due(NOW, 1));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds14_no_two_units_of_work_take_the_same_draft(Engine engine)
      throws Exception {
    Bench bench = bench(engine);
    for (int i = 0; i < 30; i++) {
      stored(bench, "d" + i, DraftState.APPROVED, dueAt(NOW));
    }
    Callable<List<DraftId>> node =
        () -> {
          List<DraftId> taken = new ArrayList<>();
          List<DraftId> some;
          do {
            some =
                bench.write(
                    work -> {
                      List<DraftId> ids = bench.store().takeDue(work, NOW, 3);
                      for (DraftId id : ids) {
                        Draft draft = bench.store().find(work, id).orElseThrow();
                        Dispatch leased = draft.dispatch().leased(NOW, NOW.plusSeconds(9));
                        Draft after = next(draft, DraftState.DISPATCHING, draft.content(), leased);
                        assertTrue(bench.store().apply(work, change(draft, after)));
                      }
                      return ids;
                    });
            taken.addAll(some);
          } while (!some.isEmpty());
          return taken;
        };
    ExecutorService nodes = Executors.newFixedThreadPool(3);
    try {
      List<DraftId> all = new ArrayList<>();
      for (Future<List<DraftId>> one : nodes.invokeAll(List.of(node, node, node))) {
        all.addAll(one.get());
      }
      assertEquals(30, all.size());
      assertEquals(30, new HashSet<>(all).size());
    } finally {
      nodes.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds15_what_time_has_run_out_for_is_taken(Engine engine) {
    Bench bench = bench(engine);
    Instant early = NOW.minusSeconds(60);
    bench.add(writing("writing"));
    Dispatch leased = dueAt(NOW).leased(NOW, NOW.plusSeconds(60));
    stored(bench, "sending", DraftState.DISPATCHING, leased);
    stored(bench, "unknown", DraftState.UNKNOWN, leased.lost(NOW));
    stored(bench, "waits-for-a-person", DraftState.UNKNOWN, leased.lost(null));
    stored(bench, "pending");
    stored(bench, "sent", DraftState.SENT, leased.ended().notDue());
    assertEquals(Set.of(), bench.overdue(early));
    assertEquals(Set.of(new DraftId(ACME, "unknown")), bench.overdue(NOW.plusSeconds(1)));
    assertEquals(
        Set.of(
            new DraftId(ACME, "unknown"),
            new DraftId(ACME, "sending"),
            new DraftId(ACME, "writing")),
        bench.overdue(NOW.plusSeconds(61)));
    assertEquals(
        Set.of(
            new DraftId(ACME, "unknown"),
            new DraftId(ACME, "sending"),
            new DraftId(ACME, "writing"),
            new DraftId(ACME, "pending")),
        bench.overdue(NOW.plus(Duration.ofDays(2))));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds16_rescheduling_changes_when_it_is_due_and_nothing_else(Engine engine) {
    Bench bench = bench(engine);
    Draft due = stored(bench, "d1", DraftState.APPROVED, dueAt(NOW));
    Draft pending = stored(bench, "d2");
    Instant later = NOW.plusSeconds(9);
    bench.write(
        work -> {
          bench.store().reschedule(work, due.id(), later);
          bench.store().reschedule(work, pending.id(), later);
          return 0;
        });
    Draft moved = bench.find(due.id()).orElseThrow();
    assertEquals(later, moved.dispatch().nextAt());
    assertEquals(due.version(), moved.version());
    assertEquals(due.dispatch().key(), moved.dispatch().key());
    assertEquals(Optional.of(pending), bench.find(pending.id()), "it was not due at any time");
    bench.write(
        work -> {
          bench.store().reschedule(work, due.id(), null);
          return 0;
        });
    assertEquals(List.of(), bench.due(NOW.plusSeconds(99), 10));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds17_what_is_put_off_is_left_alone_until_then_or_its_next_change(
      Engine engine) {
    Bench bench = bench(engine);
    Draft due = stored(bench, "due", DraftState.APPROVED, dueAt(NOW));
    Draft over = bench.add(writing("over"));
    Instant until = NOW.plus(Duration.ofHours(1));
    bench.write(
        work -> {
          bench.store().putOff(work, due.id(), until);
          bench.store().putOff(work, over.id(), until);
          return 0;
        });
    assertEquals(Optional.of(due), bench.find(due.id()), "nothing else changes");
    Instant justBefore = until.minusMillis(1);
    assertEquals(List.of(), bench.due(justBefore, 10));
    assertEquals(Set.of(), bench.overdue(justBefore));
    assertEquals(List.of(due.id()), bench.due(until, 10));
    assertEquals(Set.of(over.id()), bench.overdue(until));
    Draft changed = next(due, DraftState.RETRY, due.content(), dueAt(NOW));
    assertTrue(bench.apply(change(due, changed)));
    assertEquals(List.of(due.id()), bench.due(NOW, 10));
  }

  private static Waiver waiver(Draft draft, String rule, int second) {
    return new Waiver(
        new UUID(0x0190_0000_0000_7000L | second, 0x8000_0000_0000_0000L | second),
        draft.id(),
        1,
        rule,
        new MemberId(draft.id().brokerage(), "bob"),
        Capacity.BROKER,
        "01".repeat(32),
        "02".repeat(32),
        "03".repeat(32),
        "p1",
        "FALSE_MATCH",
        NOW.plusMillis(second),
        "key-1:" + "04".repeat(32));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds18_waivers_are_kept_equal_oldest_first_whatever_the_draft_does(
      Engine engine) {
    Bench bench = bench(engine);
    Draft one = stored(bench, "d1");
    Draft other = stored(bench, "d2");
    Waiver later = waiver(one, "FH-02", 2);
    Waiver earlier = waiver(one, "FH-01", 1);
    bench.write(
        work -> {
          bench.store().waive(work, later);
          bench.store().waive(work, earlier);
          return 0;
        });
    Draft two = next(one, DraftState.STALE, one.content(), one.dispatch());
    assertTrue(bench.apply(new Change(one, two, true, null)));
    assertEquals(
        List.of(earlier, later),
        bench.fresh().database().read(work -> bench.store().waivers(work, one.id())));
    assertEquals(
        List.of(), bench.fresh().database().read(work -> bench.store().waivers(work, other.id())));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds19_a_draft_is_found_by_the_key_under_which_it_is_sent(Engine engine) {
    Bench bench = bench(engine);
    stored(bench, "other");
    Draft due = stored(bench, "due", DraftState.APPROVED, dueAt(NOW));
    String key = due.dispatch().key();
    Function<String, Optional<DraftId>> ours =
        one -> bench.fresh().database().read(work -> bench.store().keyed(work, ACME, one));
    assertEquals(Optional.of(due.id()), ours.apply(key));
    assertEquals(Optional.empty(), ours.apply("cd".repeat(32)));
    assertEquals(Optional.empty(), ours.apply(""), "what is not sent yet has no key");
    assertEquals(
        Optional.empty(),
        bench.fresh().database().read(work -> bench.store().keyed(work, ZETA, key)));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds20_what_waits_is_counted_as_the_filter_says(Engine engine) {
    Bench bench = bench(engine);
    stored(bench, "a");
    stored(bench, "b");
    stored(bench, "c", DraftState.STALE, dueAt(NOW));
    bench.add(writing("writing"));
    Draft theirs = bench.add(writing(new DraftId(ZETA, "x"), 1, NOW.plusSeconds(9)));
    assertTrue(bench.apply(change(theirs, pending(theirs))));
    String owner = bench.store().columns().owner().orElseThrow();
    Set<DraftState> open = DraftQuery.OPEN;
    Function<String, Map<DraftState, DraftStore.Waiting>> of =
        who ->
            bench
                .fresh()
                .database()
                .read(
                    work ->
                        bench
                            .store()
                            .waiting(
                                work,
                                ACME,
                                new RowFilter.Where(owner + " = ?", List.of(who), "p1"),
                                open));
    assertEquals(
        Map.of(
            DraftState.PENDING, new DraftStore.Waiting(2, NOW),
            DraftState.STALE, new DraftStore.Waiting(1, NOW)),
        of.apply("ann"));
    assertEquals(Map.of(), of.apply("nobody"));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  public void required_ds21_an_approval_is_not_kept_without_its_move(Engine engine) {
    Bench bench = bench(engine);
    Draft old = stored(bench, "d1");
    Draft now = next(old, DraftState.PENDING, old.content(), old.dispatch());
    assertTrue(bench.apply(change(old, now)));
    Draft late = next(old, DraftState.APPROVED, old.content(), dueAt(NOW));
    assertFalse(bench.apply(new Change(old, late, false, approval(old, "bob", 1))));
    assertEquals(List.of(), bench.approvals(old.id()));
  }
}
