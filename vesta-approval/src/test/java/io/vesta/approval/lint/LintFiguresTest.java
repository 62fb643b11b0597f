package io.vesta.approval.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How well the shipped packs do on labelled drafts; each test prints its table.
 *
 * <p>First runs, before anything was tuned on any draft of the set: {@code heldout.jsonl}, written
 * before the packs, gave recall 87/87 on BLOCK and blocked 2 of 134 innocent drafts, which misses
 * the goal of none; {@code drafts.jsonl}, written after them, gave recall 117/126 on BLOCK, 8 of
 * 147 innocent drafts for REVIEW or above, of which 6 were blocked. Rules were then mended by the
 * second set alone, so that the second is what a stranger's drafts would more likely show.
 */
class LintFiguresTest {

  private static final Linter LINTER =
      new PackLinter(
          RulePack.shipped(), Clock.fixed(Instant.parse("2026-06-30T12:00:00Z"), ZoneOffset.UTC));

  private static final class Count {
    private int found;
    private int missed;
    private int extra;
  }

  private static final class Figures {
    private final Map<String, Count> families = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int blockFound;
    private int blockMissed;
    private int innocent;
    private int flagged;
    private int blocked;

    void add(Drafts.Labelled draft, LintReport report) {
      Set<String> found = Drafts.rules(report);
      for (String rule : draft.rules()) {
        Count family = family(rule);
        boolean hit = found.contains(rule);
        family.found += hit ? 1 : 0;
        family.missed += hit ? 0 : 1;
        if (draft.verdict().equals("BLOCK")) {
          blockFound += hit ? 1 : 0;
          blockMissed += hit ? 0 : 1;
        }
      }
      for (String rule : found) {
        family(rule).extra += draft.rules().contains(rule) ? 0 : 1;
      }
      if (draft.rules().isEmpty()) {
        innocent++;
        flagged += report.verdict().compareTo(Verdict.REVIEW) >= 0 ? 1 : 0;
        blocked += report.verdict() == Verdict.BLOCK ? 1 : 0;
      }
      if (!found.equals(draft.rules()) || !report.verdict().name().equals(draft.verdict())) {
        wrong.add(draft.id() + " " + found + " " + report.verdict());
      }
    }

    private Count family(String rule) {
      return families.computeIfAbsent(rule.replaceAll("-.*", ""), none -> new Count());
    }

    double blockRecall() {
      return blockFound / (double) (blockFound + blockMissed);
    }

    void print(String name) {
      System.out.printf(
          "%s: recall on BLOCK %d/%d; of %d innocent drafts %d for review, %d blocked%n",
          name, blockFound, blockFound + blockMissed, innocent, flagged, blocked);
      families.forEach(
          (family, count) ->
              System.out.printf(
                  "  %-6s recall %3d/%-3d precision %3d/%-3d%n",
                  family,
                  count.found,
                  count.found + count.missed,
                  count.found,
                  count.found + count.extra));
    }
  }

  private static Figures figures(String resource) {
    Figures figures = new Figures();
    for (Drafts.Labelled draft : Drafts.read(resource)) {
      figures.add(draft, LINTER.lint(draft.input()));
    }
    figures.print(resource);
    return figures;
  }

  @Test
  void every_golden_gives_exactly_its_rules_and_its_verdict() {
    Figures figures = figures("goldens.jsonl");
    assertEquals(List.of(), figures.wrong);
    assertEquals(28, Drafts.read("goldens.jsonl").size());
  }

  @Test
  void drafts_with_their_neighbours_meet_the_goals() {
    Figures figures = figures("drafts.jsonl");
    assertTrue(figures.innocent >= 100, "innocent neighbours");
    assertTrue(figures.blockRecall() >= 0.95, () -> figures.wrong.toString());
    assertTrue(figures.flagged <= 0.03 * figures.innocent, () -> figures.wrong.toString());
    assertEquals(0, figures.blocked, () -> figures.wrong.toString());
  }

  /** No rule is tuned on these, so the two that were blocked at first may stay so. */
  @Test
  void drafts_that_nobody_tuned_for_stay_as_good_as_at_first() {
    Figures figures = figures("heldout.jsonl");
    assertTrue(figures.blockRecall() >= 0.95, "recall");
    assertTrue(figures.flagged <= 0.03 * figures.innocent, "innocent drafts flagged");
    assertTrue(figures.blocked <= 2, "innocent drafts blocked");
  }
}
