package io.vesta.approval.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Explores everything that can happen to one draft, breadth first: two approvers of whom both are
 * needed, two nodes that crash, pause and answer late, a provider, a kill switch, quiet hours, a
 * changing context and time. Every move is asked of {@link Transitions#next}, the production code;
 * the facts and effects around it are kept here as small as they can be. Beside them run ghosts,
 * which keep what truly happened and which no mutant touches.
 *
 * <p><b>Left out.</b> More than one draft; a node that halts between looking at its permit's
 * deadline and sending (see {@link Mutant#PAUSE_AFTER_THE_DEADLINE}); the text itself, of which
 * only the revision counts. I9 (one audit entry a change) is a property of {@code Moves} and is
 * tested on the stores.
 */
final class GateModel {

  /** What the provider does with a second message under the same key. */
  enum Provider {
    NONE,
    KEYED,
    LOOKUP
  }

  /** A mistake that somebody could make. */
  enum Mutant {
    RESEND_WITHOUT_DEDUPLICATION,
    EDIT_KEEPS_APPROVALS_AND_NO_DIGEST_CHECK,
    EDIT_KEEPS_APPROVALS,
    SKIP_WHILE_DISPATCHING,
    NO_FENCE,
    NO_FENCE_AND_NO_DEADLINE,
    UNKNOWN_BACK_TO_APPROVED,
    PAUSE_AFTER_THE_DEADLINE,
    APPROVE_WHAT_WAS_NOT_SEEN,
    EDITOR_APPROVES,
    ONE_IS_ENOUGH,
    KILL_SWITCH_NOT_READ,
    QUIET_HOURS_NOT_READ,
    CONTEXT_NOT_READ_AT_CLAIM,
    CONTEXT_NOT_READ_AT_RETRY,
    EXPIRY_NOT_READ_AT_CLAIM,
    KEY_WINDOW_NOT_READ,
    LOOKUP_BELIEVED_TOO_EARLY,
    DEFERRED_THOUGH_AN_EARLIER_ONE_MAY_BE_OUT,
    REJECTED_THOUGH_AN_EARLIER_ONE_MAY_BE_OUT,
    REAPER_MAKES_READY,
    FINDINGS_NOT_READ(Exceptions.WAIVERS),
    WAIVER_OUTLIVES_AN_EDIT(Exceptions.WAIVERS),
    EXEMPTION_NOT_READ_AT_CLAIM(Exceptions.EXEMPTIONS),
    EXEMPTION_NOT_READ_AT_RETRY(Exceptions.EXEMPTIONS);

    private final Exceptions where;

    Mutant() {
      this(Exceptions.NONE);
    }

    Mutant(Exceptions where) {
      this.where = where;
    }

    /** Where it can be made at all. */
    Exceptions where() {
      return where;
    }
  }

  /** What may stand against the rule that two persons approve a text that no finding blocks. */
  enum Exceptions {
    /** Nothing. */
    NONE,
    /** One approval is enough; an edit may bring in what blocks, and a broker may waive that. */
    WAIVERS,
    /** One approval is enough, and an exemption may be it, as long as it is in force. */
    EXEMPTIONS
  }

  /** How far to look: so many revisions, changes of context and attempts at most, 1 to 3 each. */
  record Bounds(int revisions, int contexts, int attempts) {}

  /** What was found: the number of states, and the shortest way to a broken invariant, if any. */
  record Finding(int states, Optional<String> broken, List<String> way) {}

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Broken(String invariant) {
      super(invariant, null, false, false);
    }
  }

  private static final DraftState[] STATES = DraftState.values();
  private static final boolean[] CLEAN = {false};
  private static final boolean[] BOTH = {false, true};
  private static final int IDLE = 0;
  private static final int HOLDING = 1;
  private static final int ACCEPTED = 2;
  private static final int REJECTED = 3;
  private static final int NOT_SENT = 4;
  private static final int LOST = 5;

  private final Provider provider;
  private final Bounds bounds;
  private final Set<Mutant> mutants;
  private final Map<Long, Outcome> memo = new HashMap<>();
  private String ignored = "";
  private Exceptions exceptions = Exceptions.NONE;

  // One state, unpacked.
  private DraftState at = DraftState.GENERATING;
  private int revision;
  private int contextNow;
  private int contextOf;
  private final boolean[] live = new boolean[2];
  private final int[] liveRevision = new int[2];
  private final int[] liveContext = new int[2];
  private final boolean[] truly = new boolean[2];
  private final boolean[] wrote = new boolean[2];
  private final int[] saw = new int[2];
  private boolean off;
  private boolean quiet;
  private boolean expired;
  private int attempts;
  private boolean leaseOver;
  private boolean sendTimeOver;
  private boolean maybeOut;
  private boolean windowClosed;
  private boolean forgot;
  private boolean lagOver;
  private boolean evidence;
  private int effects;
  private boolean knows;
  private boolean blocked;
  private int waivedRevision;
  private int waivedContext;
  private boolean ended;
  private boolean exempted;
  private final int[] phase = new int[2];
  private final boolean[] holdsFence = new boolean[2];
  private final boolean[] late = new boolean[2];

  // The search.
  private long[] seen = new long[1 << 16];
  private long[] order = new long[1 << 15];
  private int[] parent = new int[1 << 15];
  private String[] label = new String[1 << 15];
  private int count;
  private int from;
  private long packed;

  GateModel(Provider provider, Bounds bounds, Mutant... mutants) {
    this.provider = provider;
    this.bounds = bounds;
    this.mutants = EnumSet.noneOf(Mutant.class);
    this.mutants.addAll(Arrays.asList(mutants));
  }

  /** The same search, blind to one invariant. */
  GateModel ignoring(String invariant) {
    ignored = invariant;
    return this;
  }

  /** The same search, with exceptions. */
  GateModel with(Exceptions value) {
    exceptions = value;
    return this;
  }

  private int needed() {
    return exceptions == Exceptions.NONE ? 2 : 1;
  }

  private boolean is(Mutant mutant) {
    return mutants.contains(mutant);
  }

  /** Explores all of it, or up to the first broken invariant. */
  Finding explore() {
    from = -1;
    contextOf = 0;
    reach("created");
    int next = 0;
    try {
      while (next < count) {
        from = next;
        packed = order[next++];
        steps();
      }
      return new Finding(count, Optional.empty(), List.of());
    } catch (Broken broken) {
      List<String> way = new ArrayList<>();
      way.add(String.valueOf(broken.getMessage()));
      way.add(lastLabel);
      for (int i = from; i >= 0; i = parent[i]) {
        way.add(label[i]);
      }
      Collections.reverse(way);
      return new Finding(count, Optional.of(String.valueOf(broken.getMessage())), way);
    }
  }

  private String lastLabel = "";

  /** Back to the state whose successors are being made. */
  private void step(String name) {
    unpack(packed);
    lastLabel = name;
  }

  private void steps() {
    world();
    for (int person = 0; person < 2; person++) {
      person(person);
    }
    step("the model finishes");
    if (revision < bounds.revisions()
        && moves(DraftEvent.COMPLETE, Guard.MODEL_STOPPED, Guard.LINT_NOT_BLOCKING)) {
      revision++;
      blocked = false;
      reach(lastLabel);
    }
    exceptions();
    step("the model fails");
    if (moves(DraftEvent.FAIL)) {
      reach(lastLabel);
    }
    step("told of a changed context");
    if (moves(DraftEvent.CONTEXT_CHANGE, when(contextOf != contextNow, Guard.CONTEXT_CHANGED))) {
      undone();
      reach(lastLabel);
    }
    step("expires");
    if (moves(DraftEvent.EXPIRE, when(expired, Guard.EXPIRED))) {
      undone();
      reach(lastLabel);
    }
    for (int node = 0; node < 2; node++) {
      node(node);
    }
    reaper();
  }

  /** Who stands in for the rule. */
  private void exceptions() {
    step("the broker waives what blocks");
    if (at == DraftState.PENDING && blocked && !waived()) {
      waivedRevision = revision;
      waivedContext = contextOf;
      reach(lastLabel);
    }
    step("the exemption ends");
    if (exceptions == Exceptions.EXEMPTIONS && !ended && !at.terminal()) {
      ended = true;
      reach(lastLabel);
    }
    step("the exemption approves");
    if (exceptions == Exceptions.EXEMPTIONS
        && revision == 1
        && moves(
            DraftEvent.EXEMPT,
            when(!ended, Guard.EXEMPTION_LIVE),
            when(contextOf == contextNow, Guard.CONTEXT_CURRENT),
            when(!expired, Guard.NOT_EXPIRED),
            Guard.LINT_NOT_BLOCKING,
            Guard.LINT_ACKNOWLEDGED,
            Guard.ONE_PERSON_ENOUGH)) {
      live[0] = true;
      liveRevision[0] = revision;
      liveContext[0] = contextOf;
      truly[0] = true;
      exempted = true;
      reach(lastLabel);
    }
  }

  private boolean waived() {
    return waivedRevision == revision && waivedContext == contextOf;
  }

  /** As the production rules read findings and waivers. */
  private boolean passes() {
    return !blocked
        || waived()
        || is(Mutant.FINDINGS_NOT_READ)
        || (is(Mutant.WAIVER_OUTLIVES_AN_EDIT) && waivedRevision > 0);
  }

  /** What changes outside. */
  private void world() {
    step("the context changes");
    if (contextNow < bounds.contexts() && !at.terminal()) {
      contextNow++;
      reach(lastLabel);
    }
    step("its time is over");
    if (!expired && !at.terminal()) {
      expired = true;
      reach(lastLabel);
    }
    if (!at.terminal()) {
      step("kill switch flips");
      off = !off;
      reach(lastLabel);
      step("quiet hours begin or end");
      quiet = !quiet;
      reach(lastLabel);
    }
    step("the lease ends");
    if (at == DraftState.DISPATCHING && !leaseOver) {
      leaseOver = true;
      for (int node = 0; node < 2; node++) {
        late[node] |= phase[node] == HOLDING;
      }
      reach(lastLabel);
    }
    step("the longest send time after the lease ends");
    if (at == DraftState.UNKNOWN && !sendTimeOver) {
      // A node that lost its attempt itself has answered; nobody else holds a permit in time.
      leaseOver = true;
      sendTimeOver = true;
      for (int node = 0; node < 2; node++) {
        late[node] |= phase[node] == HOLDING;
      }
      reach(lastLabel);
    }
    step("the look-up's lag ends");
    if (sendTimeOver && !lagOver && provider == Provider.LOOKUP) {
      lagOver = true;
      reach(lastLabel);
    }
    step("the key's window closes, less its margin");
    if (attempts > 0 && !windowClosed && provider == Provider.KEYED) {
      windowClosed = true;
      reach(lastLabel);
    }
    step("the provider forgets the key");
    boolean inTime = (phase[0] == HOLDING && !late[0]) || (phase[1] == HOLDING && !late[1]);
    if (windowClosed && !forgot && !inTime) {
      forgot = true;
      reach(lastLabel);
    }
  }

  private void person(int who) {
    String name = who == 0 ? "ann " : "bob ";
    step(name + "looks");
    if (saw[who] != revision && at == DraftState.PENDING) {
      saw[who] = revision;
      reach(lastLabel);
    }
    step(name + "approves");
    boolean seenIt = saw[who] == revision || is(Mutant.APPROVE_WHAT_WAS_NOT_SEEN);
    boolean digests = !is(Mutant.EDIT_KEEPS_APPROVALS_AND_NO_DIGEST_CHECK);
    int votes = 1;
    for (int i = 0; i < 2; i++) {
      votes += i != who && live[i] && (liveRevision[i] == revision || !digests) ? 1 : 0;
    }
    if (moves(
        DraftEvent.APPROVE,
        Guard.AUTHORIZED,
        when(seenIt, Guard.VERSION_SEEN),
        when(seenIt, Guard.DIGEST_SEEN),
        when(passes(), Guard.LINT_NOT_BLOCKING),
        Guard.LINT_ACKNOWLEDGED,
        when(contextOf == contextNow, Guard.CONTEXT_CURRENT),
        when(!expired, Guard.NOT_EXPIRED),
        when(needed() == 1 || !wrote[who] || is(Mutant.EDITOR_APPROVES), Guard.SECOND_PERSON),
        when(!(live[who] && liveRevision[who] == revision), Guard.NOT_VOTED),
        when(votes >= needed() || is(Mutant.ONE_IS_ENOUGH), Guard.QUORUM))) {
      require(needed() == 1 || !wrote[who], "I10");
      live[who] = true;
      liveRevision[who] = revision;
      liveContext[who] = contextOf;
      truly[who] = saw[who] == revision;
      reach(lastLabel);
    }
    for (boolean blocks : exceptions == Exceptions.WAIVERS ? BOTH : CLEAN) {
      step(name + (blocks ? "edits in what blocks" : "edits"));
      if (revision < bounds.revisions()
          && saw[who] == revision
          && moves(DraftEvent.EDIT, Guard.AUTHORIZED, Guard.VERSION_SEEN)) {
        revision++;
        blocked = blocks;
        wrote[who] = true;
        saw[who] = revision;
        undone();
        reach(lastLabel);
      }
    }
    step(name + "skips");
    if (moves(DraftEvent.SKIP, Guard.AUTHORIZED, Guard.VERSION_SEEN, Guard.REASON_GIVEN)) {
      undone();
      reach(lastLabel);
    }
    if (who == 1) {
      return;
    }
    step(name + "asks for another text");
    if (revision < bounds.revisions()
        && moves(
            DraftEvent.REGENERATE, Guard.AUTHORIZED, Guard.VERSION_SEEN, Guard.WITHIN_BUDGET)) {
      undone();
      reach(lastLabel);
    }
    step(name + "refreshes");
    if (moves(DraftEvent.REFRESH, Guard.AUTHORIZED, Guard.VERSION_SEEN)) {
      undone();
      reach(lastLabel);
    }
    Guard quietNow = when(sendTimeOver, Guard.SEND_TIME_OVER);
    step(name + "finds that it went out");
    if (effects > 0
        && moves(DraftEvent.RESOLVE_SENT, Guard.AUTHORIZED, Guard.REASON_GIVEN, quietNow)) {
      reach(lastLabel);
    }
    step(name + "finds that it did not go out");
    if (effects == 0
        && moves(DraftEvent.RESOLVE_NOT_SENT, Guard.AUTHORIZED, Guard.REASON_GIVEN, quietNow)) {
      reach(lastLabel);
    }
  }

  private void node(int node) {
    String name = "node " + node + " ";
    step(name + "claims");
    if (phase[node] == IDLE && attempts < bounds.attempts() && claims(node)) {
      reach(lastLabel);
    }
    step(name + "crashes");
    if (phase[node] != IDLE) {
      idle(node);
      reach(lastLabel);
    }
    step(name + "looks at the clock and does not send");
    boolean punctual = !late[node] || ignoresDeadline();
    if (phase[node] == HOLDING) {
      phase[node] = NOT_SENT;
      reach(lastLabel);
    }
    for (int answer : new int[] {ACCEPTED, LOST}) {
      step(name + (answer == ACCEPTED ? "sends, accepted" : "sends, no answer"));
      if (phase[node] == HOLDING && punctual) {
        take();
        phase[node] = answer;
        reach(lastLabel);
      }
    }
    step(name + "sends, it is lost on the way");
    if (phase[node] == HOLDING && punctual) {
      phase[node] = LOST;
      reach(lastLabel);
    }
    step(name + "sends, refused for good");
    if (phase[node] == HOLDING && punctual) {
      phase[node] = REJECTED;
      reach(lastLabel);
    }
    step(name + "records");
    if (phase[node] >= ACCEPTED) {
      record(node);
      reach(lastLabel);
    }
  }

  private boolean ignoresDeadline() {
    return is(Mutant.PAUSE_AFTER_THE_DEADLINE) || is(Mutant.NO_FENCE_AND_NO_DEADLINE);
  }

  private void take() {
    boolean dropped = provider == Provider.KEYED && knows && !forgot;
    if (!dropped) {
      effects++;
    }
    knows = true;
    require(effects <= 1, "I2");
    require(at != DraftState.NOT_SENT, "I6");
    require(at != DraftState.SKIPPED && at != DraftState.EXPIRED, "I3");
  }

  private void record(int node) {
    int answer = phase[node];
    boolean held = holdsFence[node];
    boolean fenced = held || is(Mutant.NO_FENCE) || is(Mutant.NO_FENCE_AND_NO_DEADLINE);
    Guard fence = when(fenced, Guard.FENCE_HELD);
    idle(node);
    DraftEvent event =
        switch (answer) {
          case ACCEPTED -> at == DraftState.UNKNOWN ? DraftEvent.FIND : DraftEvent.ACCEPT;
          case REJECTED ->
              maybeOut && !is(Mutant.REJECTED_THOUGH_AN_EARLIER_ONE_MAY_BE_OUT)
                  ? DraftEvent.LOSE
                  : DraftEvent.REJECT;
          case NOT_SENT ->
              maybeOut && !is(Mutant.DEFERRED_THOUGH_AN_EARLIER_ONE_MAY_BE_OUT)
                  ? DraftEvent.LOSE
                  : DraftEvent.DEFER;
          default -> DraftEvent.LOSE;
        };
    if (moves(event, fence)) {
      require(held || event == DraftEvent.FIND, "I4");
    }
  }

  /** As the production gate: what it establishes, and what it makes of an approved draft. */
  private boolean claims(int node) {
    boolean again = at == DraftState.RETRY;
    boolean context = contextOf == contextNow;
    if (again && is(Mutant.CONTEXT_NOT_READ_AT_RETRY)) {
      context = true;
    }
    boolean read =
        !is(again ? Mutant.EXEMPTION_NOT_READ_AT_RETRY : Mutant.EXEMPTION_NOT_READ_AT_CLAIM);
    context &= !(exempted && ended && read);
    boolean timely = context && !expired;
    if (at == DraftState.APPROVED && !context && !is(Mutant.CONTEXT_NOT_READ_AT_CLAIM)) {
      moves(DraftEvent.CONTEXT_CHANGE, Guard.CONTEXT_CHANGED);
      undone();
      return true;
    }
    if (at == DraftState.APPROVED && expired && !is(Mutant.EXPIRY_NOT_READ_AT_CLAIM)) {
      moves(DraftEvent.EXPIRE, Guard.EXPIRED);
      undone();
      return true;
    }
    if (!moves(DraftEvent.CLAIM, gate(context, timely))) {
      return false;
    }
    if (again && !timely) {
      require(moves(DraftEvent.REJECT, Guard.FENCE_HELD), "it could not be ended");
      return true;
    }
    phase[node] = HOLDING;
    holdsFence[node] = true;
    late[node] = false;
    boolean quorum = needed() == 1 ? truly[0] || truly[1] : truly[0] && truly[1];
    require(quorum && contextOf == contextNow && !expired && !quiet, "I1");
    require(!blocked || waived(), "I1, what blocks");
    require(!exempted || !ended, "I1, no exemption");
    require(!off, "I11");
    return true;
  }

  private Guard[] gate(boolean context, boolean timely) {
    boolean digests = !is(Mutant.EDIT_KEEPS_APPROVALS_AND_NO_DIGEST_CHECK);
    int good = 0;
    boolean allCover = true;
    for (int i = 0; i < 2; i++) {
      boolean covers = liveRevision[i] == revision && liveContext[i] == contextOf;
      good += live[i] ? 1 : 0;
      allCover &= !live[i] || covers;
    }
    boolean enough = good >= needed() || is(Mutant.ONE_IS_ENOUGH);
    boolean intact = enough && passes() && (allCover || !digests);
    boolean safe =
        !maybeOut
            || (provider == Provider.KEYED && (!windowClosed || is(Mutant.KEY_WINDOW_NOT_READ)))
            || is(Mutant.RESEND_WITHOUT_DEDUPLICATION);
    return new Guard[] {
      when(intact, Guard.APPROVALS_INTACT),
      when(context || is(Mutant.CONTEXT_NOT_READ_AT_CLAIM), Guard.CONTEXT_CURRENT),
      when(!expired || is(Mutant.EXPIRY_NOT_READ_AT_CLAIM), Guard.NOT_EXPIRED),
      when(!off || is(Mutant.KILL_SWITCH_NOT_READ), Guard.SWITCH_ON),
      when(
          (!quiet || is(Mutant.QUIET_HOURS_NOT_READ)) && (!maybeOut || timely), Guard.SENDABLE_NOW),
      when(safe, Guard.RESEND_SAFE)
    };
  }

  /** What the dispatcher does with drafts whose time has run out. */
  private void reaper() {
    step("the reaper takes the lease back");
    if (at == DraftState.DISPATCHING && leaseOver && is(Mutant.REAPER_MAKES_READY)) {
      at = DraftState.RETRY;
      lose();
      maybeOut = false;
      reach(lastLabel);
    } else if (moves(DraftEvent.LOSE, when(leaseOver, Guard.LEASE_OVER))) {
      reach(lastLabel);
    }
    if (provider == Provider.LOOKUP) {
      step("the provider says that it has it");
      if (knows && moves(DraftEvent.FIND)) {
        reach(lastLabel);
      }
      step("the provider says that it has nothing");
      boolean early = is(Mutant.LOOKUP_BELIEVED_TOO_EARLY);
      if (at == DraftState.UNKNOWN
          && !(knows && lagOver)
          && moves(DraftEvent.MISS, when(lagOver || early, Guard.LOOKUP_AUTHORITATIVE))) {
        reach(lastLabel);
      }
    }
    step("it is tried again under the same key");
    if (at == DraftState.UNKNOWN && is(Mutant.UNKNOWN_BACK_TO_APPROVED)) {
      at = DraftState.APPROVED;
      reach(lastLabel);
      return;
    }
    boolean open =
        (provider == Provider.KEYED && (!windowClosed || is(Mutant.KEY_WINDOW_NOT_READ)))
            || is(Mutant.RESEND_WITHOUT_DEDUPLICATION);
    if (at == DraftState.UNKNOWN && open && attempts < bounds.attempts() && phase[0] == IDLE) {
      boolean stands = !(exempted && ended) || is(Mutant.EXEMPTION_NOT_READ_AT_RETRY);
      boolean context = contextOf == contextNow && stands;
      Guard[] facts = gate(context, context && !expired);
      boolean claimable =
          Transitions.next(DraftState.RETRY, DraftEvent.CLAIM, Arrays.asList(facts))
              instanceof Outcome.Moved;
      if (claimable && moves(DraftEvent.RETRY, Guard.KEY_WINDOW_OPEN) && claims(0)) {
        reach(lastLabel);
      }
    }
  }

  /** A guard that holds or not; one that can never be asked for stands for none. */
  private static Guard when(boolean holds, Guard guard) {
    return holds ? guard : Guard.AUTHORIZED;
  }

  /** Asks the production table, and applies the effects that it names. */
  private boolean moves(DraftEvent event, Guard... holding) {
    Set<Guard> facts = EnumSet.noneOf(Guard.class);
    Collections.addAll(facts, holding);
    Outcome outcome = next(event, facts);
    if (!(outcome instanceof Outcome.Moved moved)) {
      return false;
    }
    require(!at.terminal(), "I7");
    at = moved.to();
    Set<Effect> done = moved.effects();
    boolean keeps =
        event == DraftEvent.EDIT
            && (is(Mutant.EDIT_KEEPS_APPROVALS)
                || is(Mutant.EDIT_KEEPS_APPROVALS_AND_NO_DIGEST_CHECK));
    if (done.contains(Effect.REVOKE) && !keeps) {
      for (int i = 0; i < 2; i++) {
        live[i] = false;
        liveRevision[i] = 0;
        liveContext[i] = 0;
      }
      exempted = false;
    }
    if (done.contains(Effect.TAKE_CONTEXT)) {
      contextOf = contextNow;
    }
    if (done.contains(Effect.LEASE)) {
      attempts++;
      leaseOver = false;
      sendTimeOver = false;
      lagOver = false;
      Arrays.fill(holdsFence, false);
    }
    if (done.contains(Effect.UNLEASE)) {
      Arrays.fill(holdsFence, false);
    }
    if (done.contains(Effect.LOSE)) {
      lose();
    }
    if (done.contains(Effect.NOTHING_OUT)) {
      maybeOut = false;
    }
    if (done.contains(Effect.KEEP_EVIDENCE)) {
      evidence = true;
    }
    return true;
  }

  private void lose() {
    Arrays.fill(holdsFence, false);
    maybeOut = true;
  }

  private Outcome next(DraftEvent event, Set<Guard> facts) {
    if (event == DraftEvent.SKIP
        && at == DraftState.DISPATCHING
        && is(Mutant.SKIP_WHILE_DISPATCHING)) {
      return new Outcome.Moved(8, DraftState.SKIPPED, Set.of(Effect.REVOKE, Effect.DEQUEUE));
    }
    long key = 0;
    for (Guard guard : facts) {
      key |= 1L << guard.ordinal();
    }
    DraftState state = at;
    return memo.computeIfAbsent(
        key << 10 | (long) at.ordinal() << 5 | event.ordinal(),
        unused -> Transitions.next(state, event, facts));
  }

  /** What a true undoing of approvals leaves, whatever a mutant makes of it. */
  private void undone() {
    truly[0] = false;
    truly[1] = false;
    boolean tolerated = is(Mutant.EDIT_KEEPS_APPROVALS_AND_NO_DIGEST_CHECK);
    require(tolerated || (!live[0] && !live[1]), "I8");
  }

  private void idle(int node) {
    phase[node] = IDLE;
    holdsFence[node] = false;
    late[node] = false;
  }

  private void require(boolean holds, String invariant) {
    if (!holds && !invariant.equals(ignored)) {
      throw new Broken(invariant);
    }
  }

  /** What must hold in every state. */
  private void invariants() {
    require(effects == 0 || (at != DraftState.SKIPPED && at != DraftState.EXPIRED), "I3");
    require(at != DraftState.SENT || effects > 0 || evidence, "I5");
    require(at != DraftState.NOT_SENT || effects == 0, "I6");
    require(at != DraftState.FAILED || effects == 0, "failed, but it is out");
    require(
        at != DraftState.RETRY || !maybeOut || !windowClosed,
        "stuck where no person can settle it");
    boolean both = holdsFence[0] && holdsFence[1];
    require(!both, "I2, two attempts under way");
  }

  private void reach(String name) {
    invariants();
    long state = pack();
    if (!add(state)) {
      return;
    }
    if (count == order.length) {
      order = Arrays.copyOf(order, count * 2);
      parent = Arrays.copyOf(parent, count * 2);
      label = Arrays.copyOf(label, count * 2);
    }
    order[count] = state;
    parent[count] = from;
    label[count] = name;
    count++;
  }

  private boolean add(long state) {
    if (count * 2 > seen.length) {
      long[] old = seen;
      seen = new long[old.length * 2];
      for (long one : old) {
        if (one != 0) {
          seen[slot(one)] = one;
        }
      }
    }
    int slot = slot(state);
    boolean fresh = seen[slot] == 0;
    seen[slot] = state;
    return fresh;
  }

  private int slot(long state) {
    int mask = seen.length - 1;
    long hash = state * 0x9E3779B97F4A7C15L;
    int slot = (int) (hash >>> 32) & mask;
    while (seen[slot] != 0 && seen[slot] != state) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private long bits;
  private int used;

  private void put(int value, int width) {
    bits |= (long) value << used;
    used += width;
  }

  private void put(boolean value) {
    put(value ? 1 : 0, 1);
  }

  private int get(int width) {
    int value = (int) (bits >>> used) & (1 << width) - 1;
    used += width;
    return value;
  }

  private boolean flag() {
    return get(1) == 1;
  }

  private long pack() {
    bits = 0;
    used = 0;
    // Never zero, which is how the set knows an empty slot.
    put(at.ordinal() + 1, 4);
    put(revision, 2);
    put(contextNow, 2);
    put(contextOf, 2);
    for (int i = 0; i < 2; i++) {
      put(live[i]);
      put(liveRevision[i], 2);
      put(liveContext[i], 2);
      put(truly[i]);
      put(wrote[i]);
      put(saw[i], 2);
      put(phase[i], 3);
      put(holdsFence[i]);
      put(late[i]);
    }
    put(off);
    put(quiet);
    put(expired);
    put(attempts, 2);
    put(leaseOver);
    put(sendTimeOver);
    put(maybeOut);
    put(windowClosed);
    put(forgot);
    put(lagOver);
    put(evidence);
    put(Math.min(effects, 1), 1);
    put(knows);
    put(blocked);
    put(waivedRevision, 2);
    put(waivedContext, 2);
    put(ended);
    put(exempted);
    if (used > Long.SIZE) {
      throw new IllegalStateException(used + " bits");
    }
    return bits;
  }

  private void unpack(long state) {
    bits = state;
    used = 0;
    at = STATES[get(4) - 1];
    revision = get(2);
    contextNow = get(2);
    contextOf = get(2);
    for (int i = 0; i < 2; i++) {
      live[i] = flag();
      liveRevision[i] = get(2);
      liveContext[i] = get(2);
      truly[i] = flag();
      wrote[i] = flag();
      saw[i] = get(2);
      phase[i] = get(3);
      holdsFence[i] = flag();
      late[i] = flag();
    }
    off = flag();
    quiet = flag();
    expired = flag();
    attempts = get(2);
    leaseOver = flag();
    sendTimeOver = flag();
    maybeOut = flag();
    windowClosed = flag();
    forgot = flag();
    lagOver = flag();
    evidence = flag();
    effects = get(1);
    knows = flag();
    blocked = flag();
    waivedRevision = get(2);
    waivedContext = get(2);
    ended = flag();
    exempted = flag();
  }
}
