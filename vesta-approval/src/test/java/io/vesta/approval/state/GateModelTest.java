package io.vesta.approval.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.state.GateModel.Bounds;
import io.vesta.approval.state.GateModel.Finding;
import io.vesta.approval.state.GateModel.Mutant;
import io.vesta.approval.state.GateModel.Provider;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GateModelTest {

  /** Where each mistake shows already. */
  private static final Bounds SMALL = new Bounds(2, 1, 2);

  /** 1,185,168 states over the three kinds of provider, in a few seconds. */
  private static final Bounds LARGE = new Bounds(3, 3, 3);

  @Test
  void every_invariant_holds_in_every_state_that_can_be_reached() {
    int states = 0;
    for (Provider provider : Provider.values()) {
      Finding found = new GateModel(provider, LARGE).explore();
      assertEquals(Optional.empty(), found.broken(), () -> found.way().toString());
      states += found.states();
    }
    int reached = states;
    assertTrue(reached > 1_000_000, () -> "only " + reached + " states");
  }

  @ParameterizedTest
  @EnumSource(GateModel.Exceptions.class)
  void waivers_and_exemptions_let_nothing_else_through(GateModel.Exceptions exceptions) {
    for (Provider provider : Provider.values()) {
      Finding found = new GateModel(provider, SMALL).with(exceptions).explore();
      assertEquals(Optional.empty(), found.broken(), () -> found.way().toString());
    }
  }

  /** Each mistake, where it shows, and what it breaks. */
  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(Mutant.RESEND_WITHOUT_DEDUPLICATION, Provider.NONE, "I2"),
        Arguments.of(Mutant.EDIT_KEEPS_APPROVALS_AND_NO_DIGEST_CHECK, Provider.NONE, "I1"),
        Arguments.of(Mutant.EDIT_KEEPS_APPROVALS, Provider.NONE, "I8"),
        Arguments.of(Mutant.SKIP_WHILE_DISPATCHING, Provider.NONE, "I3"),
        Arguments.of(Mutant.NO_FENCE, Provider.KEYED, "I4"),
        Arguments.of(Mutant.NO_FENCE_AND_NO_DEADLINE, Provider.NONE, "I6"),
        Arguments.of(Mutant.UNKNOWN_BACK_TO_APPROVED, Provider.KEYED, "I3"),
        Arguments.of(Mutant.PAUSE_AFTER_THE_DEADLINE, Provider.NONE, "I6"),
        Arguments.of(Mutant.APPROVE_WHAT_WAS_NOT_SEEN, Provider.NONE, "I1"),
        Arguments.of(Mutant.EDITOR_APPROVES, Provider.NONE, "I10"),
        Arguments.of(Mutant.ONE_IS_ENOUGH, Provider.NONE, "I1"),
        Arguments.of(Mutant.KILL_SWITCH_NOT_READ, Provider.NONE, "I11"),
        Arguments.of(Mutant.QUIET_HOURS_NOT_READ, Provider.NONE, "I1"),
        Arguments.of(Mutant.CONTEXT_NOT_READ_AT_CLAIM, Provider.NONE, "I1"),
        Arguments.of(Mutant.CONTEXT_NOT_READ_AT_RETRY, Provider.NONE, "I1"),
        Arguments.of(Mutant.EXPIRY_NOT_READ_AT_CLAIM, Provider.NONE, "I1"),
        Arguments.of(Mutant.KEY_WINDOW_NOT_READ, Provider.KEYED, "I2"),
        Arguments.of(Mutant.LOOKUP_BELIEVED_TOO_EARLY, Provider.LOOKUP, "failed, but it is out"),
        Arguments.of(
            Mutant.DEFERRED_THOUGH_AN_EARLIER_ONE_MAY_BE_OUT,
            Provider.KEYED,
            "stuck where no person can settle it"),
        Arguments.of(
            Mutant.REJECTED_THOUGH_AN_EARLIER_ONE_MAY_BE_OUT,
            Provider.KEYED,
            "failed, but it is out"),
        Arguments.of(Mutant.REAPER_MAKES_READY, Provider.NONE, "failed, but it is out"),
        Arguments.of(Mutant.FINDINGS_NOT_READ, Provider.NONE, "I1, what blocks"),
        Arguments.of(Mutant.WAIVER_OUTLIVES_AN_EDIT, Provider.NONE, "I1, what blocks"),
        Arguments.of(Mutant.EXEMPTION_NOT_READ_AT_CLAIM, Provider.NONE, "I1, no exemption"),
        Arguments.of(Mutant.EXEMPTION_NOT_READ_AT_RETRY, Provider.KEYED, "I1, no exemption"));
  }

  /** A waiver of one edit is in the way of the next only where there are three texts. */
  private static Bounds bounds(Mutant mutant) {
    return mutant == Mutant.WAIVER_OUTLIVES_AN_EDIT ? new Bounds(3, 1, 1) : SMALL;
  }

  @ParameterizedTest(name = "{0} breaks {2}")
  @MethodSource("mistakes")
  void a_mistake_is_found(Mutant mutant, Provider provider, String invariant) {
    Finding found = new GateModel(provider, bounds(mutant), mutant).with(mutant.where()).explore();
    assertEquals(Optional.of(invariant), found.broken(), () -> found.way().toString());
  }

  @Test
  void every_mistake_is_looked_for() {
    Set<Object> looked = mistakes().map(one -> one.get()[0]).collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(Mutant.class), looked);
  }

  @Test
  void the_digest_check_alone_would_hold_what_an_edit_that_keeps_approvals_lets_through() {
    for (Provider provider : Provider.values()) {
      Finding found =
          new GateModel(provider, SMALL, Mutant.EDIT_KEEPS_APPROVALS).ignoring("I8").explore();
      assertEquals(Optional.empty(), found.broken(), () -> found.way().toString());
    }
  }

  @Test
  void nothing_but_the_fence_and_the_deadline_together_holds_a_late_node() {
    Set<Optional<String>> without =
        Arrays.stream(Provider.values())
            .map(one -> new GateModel(one, SMALL, Mutant.NO_FENCE_AND_NO_DEADLINE).explore())
            .map(Finding::broken)
            .collect(Collectors.toSet());
    assertTrue(without.stream().allMatch(Optional::isPresent), without::toString);
  }
}
