package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.rbac.decide.EmergencyListener.Kind;
import io.vesta.rbac.decide.EmergencyListener.Notice;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.FieldRule.Level;
import io.vesta.rbac.policy.Policy;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Authority for an emergency, on two nodes that share a database. */
class EmergencyTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final Instant NOON = Instant.parse("2026-06-30T12:00:00Z");
  private static final Action READ_PII = new Action("read_pii");
  private static final Ref TICKET = new Ref("Ticket", "T9");
  private static final Duration FIVE = Duration.ofMinutes(5);
  private static final Over FIRMWIDE = new Over.Brokerage();
  private static final Actor ADMIN = as("admin", Capacity.ADMIN);
  private static final Actor SECOND = as("admin2", Capacity.ADMIN);
  private static final Actor BROKER = as("broker", Capacity.BROKER);
  private static final Actor ANN = as("ann", Capacity.AGENT);
  private static final ResourceColumns COLUMNS =
      ResourceColumns.builder(ResourceType.CONTACT, "brokerage").owner("owner").build();

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(NOON);
  private final Trail trail = new Trail();
  private final List<Notice> heard = Collections.synchronizedList(new ArrayList<>());
  private final Guard guard = new Guard(Policy.defaults(), organisation().build(), clock);
  private final Guard elsewhere = new Guard(Policy.defaults(), organisation().build(), clock);
  private final Resource contact =
      Resource.builder(ResourceType.CONTACT, FIRM, "C1")
          .owner(member("ann"))
          .ownership(Ownership.AGENT)
          .build();

  private VestaConfig config;
  private BreakGlass here;
  private BreakGlass there;

  private void on(Engine engine) {
    var database = engine.fresh(directory).database();
    new SchemaInstaller(database, Set.of(BreakGlass.schema())).install();
    config = VestaConfig.builder(database).clock(clock).build();
    here = new BreakGlass(guard, config, trail, heard::add);
    there = new BreakGlass(elsewhere, config, trail, heard::add);
  }

  private static MemberId member(String key) {
    return new MemberId(FIRM, key);
  }

  private static Actor as(String key, Capacity capacity) {
    return Actor.member(member(key), capacity);
  }

  private static OrgSnapshot.Builder organisation() {
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (String key : List.of("admin", "admin2", "broker", "ann")) {
      org.member(member(key), new OfficeId(FIRM, "O1"));
    }
    return org.grant(member("admin"), Capacity.ADMIN, FIRMWIDE, Instant.EPOCH, Instant.MAX)
        .grant(member("admin2"), Capacity.ADMIN, FIRMWIDE, Instant.EPOCH, Instant.MAX)
        .grant(member("broker"), Capacity.BROKER, FIRMWIDE, Instant.EPOCH, Instant.MAX)
        .grant(member("ann"), Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
  }

  private List<String> verbs() {
    return trail.actions("vesta.rbac.break_glass.");
  }

  private long uses() {
    return verbs().stream().filter("used"::equals).count();
  }

  private Emergency opened(Duration length) {
    return here.approve(BROKER, here.request(ADMIN, FIRMWIDE, TICKET, length).ref());
  }

  @ParameterizedTest
  @EnumSource
  void it_opens_after_two_persons_and_an_entry_and_closes_within_the_hour(Engine engine) {
    on(engine);
    assertFalse(guard.allows(ADMIN, READ_PII, contact));
    Emergency asked = here.request(ADMIN, FIRMWIDE, TICKET, BreakGlass.LONGEST);
    assertFalse(guard.allows(ADMIN, READ_PII, contact), "a request opens nothing");
    here.approve(BROKER, asked.ref());
    assertEquals(List.of("requested", "opened"), verbs());
    assertTrue(guard.allows(ADMIN, READ_PII, contact));
    assertEquals("contact.admin.emergency", guard.decide(ADMIN, READ_PII, contact).reason());
    assertFalse(guard.allows(SECOND, READ_PII, contact), "it is one person's");
    assertFalse(guard.allows(Actor.bot("drafter", member("admin")), READ_PII, contact));
    guard.reload(guard.policy(), organisation().build());
    assertTrue(guard.allows(ADMIN, READ_PII, contact), "a reload does not close it");
    clock.advance(BreakGlass.LONGEST);
    assertFalse(guard.allows(ADMIN, READ_PII, contact));
  }

  @ParameterizedTest
  @EnumSource
  void every_answer_that_needed_it_is_on_the_trail_first(Engine engine) {
    on(engine);
    Emergency open = opened(FIVE);
    trail.events.clear();
    assertTrue(guard.allows(ADMIN, new Action("count"), contact), "no emergency was needed");
    assertFalse(guard.allows(ADMIN, Action.UPDATE, contact), "nor did it help");
    assertEquals(List.of(), verbs());
    assertTrue(guard.decide(ADMIN, READ_PII, contact).allowed());
    AuditEvent used = trail.events.get(0);
    assertEquals(contact.ref(), used.target());
    assertEquals(open.ref(), used.correlation().orElseThrow());
    assertEquals(member("ann"), heard.get(heard.size() - 1).target().orElseThrow().owner().get());
    assertInstanceOf(RowFilter.All.class, guard.filter(ADMIN, Action.READ, COLUMNS));
    assertEquals(new Ref("Contact", "ALL"), trail.events.get(1).target());
    assertEquals(Level.FULL, guard.levels(ADMIN, contact).get("email"));
    assertEquals(3, uses());
    guard.decideEach(ADMIN, READ_PII, List.of(contact, contact));
    assertEquals(5, uses());
    trail.broken = true;
    for (Callable<?> question :
        List.<Callable<?>>of(
            () -> guard.allows(ADMIN, READ_PII, contact),
            () -> guard.decide(ADMIN, READ_PII, contact),
            () -> guard.decideEach(ADMIN, READ_PII, List.of(contact)),
            () -> guard.filter(ADMIN, Action.READ, COLUMNS),
            () -> guard.levels(ADMIN, contact))) {
      assertThrows(IllegalStateException.class, question::call);
    }
    assertFalse(guard.allows(SECOND, READ_PII, contact), "others are answered all the same");
  }

  @Test
  void under_row_level_security_the_entry_comes_before_the_first_row() {
    on(Engine.POSTGRESQL);
    opened(FIVE);
    RowSecurity security = RowSecurity.of(guard.policy()).protect("contact", COLUMNS);
    enter(BROKER, security);
    assertEquals(0, uses());
    enter(ADMIN, security);
    assertEquals(1, uses());
    assertEquals(new Ref("RowSecurity", "ALL"), trail.events.get(2).target());
    trail.broken = true;
    assertThrows(IllegalStateException.class, () -> enter(ADMIN, security));
  }

  private void enter(Actor actor, RowSecurity security) {
    config
        .database()
        .read(
            work -> {
              guard.enter(work, actor, security);
              return 0;
            });
  }

  @ParameterizedTest
  @EnumSource
  void another_node_opens_it_learns_of_it_and_ends_it_at_once_for_all(Engine engine) {
    on(engine);
    Ref ref = here.request(ADMIN, FIRMWIDE, TICKET, FIVE).ref();
    assertEquals(List.of(ref), there.waiting(BROKER).stream().map(Emergency::ref).toList());
    assertEquals(List.of(), there.waiting(ADMIN), "nobody approves their own");
    assertEquals(List.of(), there.waiting(ANN));
    there.approve(BROKER, ref);
    assertEquals(List.of(), there.waiting(BROKER));
    assertTrue(elsewhere.allows(ADMIN, READ_PII, contact));
    assertFalse(guard.allows(ADMIN, READ_PII, contact), "this node was not told yet");
    here.refresh();
    assertTrue(guard.allows(ADMIN, READ_PII, contact));
    Guard restarted = new Guard(Policy.defaults(), organisation().build(), clock);
    new BreakGlass(restarted, config, trail, heard::add).refresh();
    assertTrue(restarted.allows(ADMIN, READ_PII, contact));
    assertThrows(AccessDeniedException.class, () -> there.end(ANN, ref));
    there.end(SECOND, ref);
    there.end(SECOND, ref);
    long uses = uses();
    assertFalse(guard.allows(ADMIN, READ_PII, contact), "though nobody told this node");
    assertInstanceOf(RowFilter.None.class, restarted.filter(ADMIN, Action.READ, COLUMNS));
    assertEquals(Map.of(), restarted.levels(ADMIN, contact));
    assertEquals(uses, uses());
    assertEquals(1, verbs().stream().filter("ended"::equals).count());
    assertEquals(Kind.ENDED, heard.get(heard.size() - 1).kind());
  }

  @ParameterizedTest
  @EnumSource
  void a_node_whose_clock_is_behind_prolongs_nothing(Engine engine) {
    on(engine);
    MutableClock behind = new MutableClock(NOON);
    Guard slow = new Guard(Policy.defaults(), organisation().build(), behind);
    BreakGlass node = new BreakGlass(slow, config, trail, heard::add);
    opened(FIVE);
    node.refresh();
    assertTrue(slow.allows(ADMIN, READ_PII, contact));
    clock.advance(FIVE);
    assertFalse(slow.allows(ADMIN, READ_PII, contact), "the shared clock says that it is over");
  }

  @ParameterizedTest
  @EnumSource
  void it_needs_a_second_person_and_is_opened_once(Engine engine) throws Exception {
    on(engine);
    Ref ref = here.request(ADMIN, FIRMWIDE, TICKET, FIVE).ref();
    assertThrows(AccessDeniedException.class, () -> here.approve(ADMIN, ref));
    assertThrows(AccessDeniedException.class, () -> here.approve(ANN, ref));
    assertEquals(List.of("requested", "refused", "refused"), verbs());
    List<Callable<Emergency>> both =
        List.of(() -> here.approve(SECOND, ref), () -> there.approve(BROKER, ref));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    int opened = 0;
    for (Future<Emergency> one : threads.invokeAll(both)) {
      try {
        one.get();
        opened++;
      } catch (ExecutionException e) {
        assertInstanceOf(VestaException.class, e.getCause());
      }
    }
    threads.shutdown();
    assertEquals(1, opened);
    assertEquals(1, verbs().stream().filter("opened"::equals).count());
  }

  @ParameterizedTest
  @EnumSource
  void no_entry_no_emergency(Engine engine) {
    on(engine);
    Ref ref = here.request(ADMIN, FIRMWIDE, TICKET, FIVE).ref();
    trail.broken = true;
    assertThrows(IllegalStateException.class, () -> here.approve(BROKER, ref));
    assertThrows(IllegalStateException.class, () -> here.request(SECOND, FIRMWIDE, TICKET, FIVE));
    trail.broken = false;
    here.refresh();
    assertFalse(guard.allows(ADMIN, READ_PII, contact));
    assertEquals(1, here.waiting(BROKER).size(), "and it still waits, alone");
  }

  @ParameterizedTest
  @EnumSource
  void it_reaches_no_further_than_the_grant_behind_it_and_no_longer_than_an_hour(Engine engine) {
    on(engine);
    assertThrows(
        AccessDeniedException.class, () -> here.request(ANN, new Over.Self(), TICKET, FIVE));
    for (Duration length : List.of(Duration.ZERO, Duration.ofMinutes(61), FIVE.negated())) {
      assertThrows(VestaException.class, () -> here.request(ADMIN, FIRMWIDE, TICKET, length));
    }
    Ref late = here.request(ADMIN, FIRMWIDE, TICKET, FIVE).ref();
    Ref orphan = here.request(ADMIN, FIRMWIDE, TICKET, FIVE).ref();
    assertThrows(
        VestaException.class, () -> here.approve(BROKER, new Ref("BreakGlass", "unknown")));
    guard.offboard(member("admin"));
    assertThrows(AccessDeniedException.class, () -> here.approve(BROKER, orphan));
    guard.reload(organisation().build());
    clock.advance(BreakGlass.LONGEST);
    assertEquals(List.of(), here.waiting(BROKER));
    assertThrows(VestaException.class, () -> here.approve(BROKER, late));
  }

  @ParameterizedTest
  @EnumSource
  void leaving_ends_it(Engine engine) {
    on(engine);
    opened(FIVE);
    assertEquals(2, guard.offboard(member("admin")).grants().size());
    assertFalse(guard.allows(ADMIN, READ_PII, contact));
    here.refresh();
    assertFalse(guard.allows(ADMIN, READ_PII, contact));
  }

  @ParameterizedTest
  @EnumSource
  void a_listener_that_fails_changes_nothing(Engine engine) {
    on(engine);
    BreakGlass deaf =
        new BreakGlass(
            guard,
            config,
            trail,
            notice -> {
              throw new IllegalStateException("the pager is down");
            });
    deaf.approve(BROKER, deaf.request(ADMIN, FIRMWIDE, TICKET, FIVE).ref());
    assertTrue(guard.allows(ADMIN, READ_PII, contact));
  }

  @ParameterizedTest
  @EnumSource
  void no_directory_can_give_it(Engine engine) {
    on(engine);
    OrgSnapshot forged =
        organisation()
            .grant(
                new RoleGrant(
                    member("ann"),
                    Capacity.ADMIN,
                    FIRMWIDE,
                    Instant.EPOCH,
                    Instant.MAX,
                    RoleGrant.Origin.BREAK_GLASS))
            .build();
    String before = guard.version();
    assertThrows(VestaException.class, () -> new Guard(Policy.defaults(), forged, clock));
    assertThrows(VestaException.class, () -> guard.reload(forged));
    assertThrows(VestaException.class, () -> guard.reload(Policy.defaults(), forged));
    assertEquals(before, guard.version());
    opened(FIVE);
    assertNotEquals(before, guard.version());
  }
}
