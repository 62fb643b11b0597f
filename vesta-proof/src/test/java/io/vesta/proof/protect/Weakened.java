package io.vesta.proof.protect;

import io.vesta.proof.protect.Suppression.Network;
import io.vesta.proof.protect.Suppression.Verdict;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/** Our protector with one defence switched off, so that the attack it is meant against succeeds. */
public final class Weakened {

  private Weakened() {}

  /** Withholds what is unsafe by itself, and nothing beside it. */
  public static Protector withoutSecondary(DisclosurePolicy policy) {
    return new Protector(
        policy, network -> hiding(network, cell -> network.unsafe().test(new int[] {cell})));
  }

  /** Looks at cells one by one: neither at what a line withholds in all, nor at how far. */
  public static Protector cellByCell(DisclosurePolicy policy) {
    return new Protector(
        policy,
        network -> {
          Network single =
              new Network(
                  network.rows(),
                  network.columns(),
                  network.never(),
                  network.negative(),
                  network.values(),
                  network.cost(),
                  cells -> cells.length == 1 && network.unsafe().test(cells),
                  cell -> network.values().stream().map(q -> new BigDecimal("0.01")).toList());
          // Demands nothing, or the independent check of the evidence would refuse the page.
          return new Verdict(Suppression.withhold(single).withheld(), new BitSet());
        });
  }

  /** Takes nobody for nobody's secret: a cell of nobody is printed as zero. */
  public static Protector showingZero(DisclosurePolicy policy) {
    return new Protector(
        policy,
        network ->
            hiding(
                network,
                cell ->
                    network.values().get(0)[cell].signum() != 0
                        && network.unsafe().test(new int[] {cell})));
  }

  /** Counts the deals of the last quantity, and does not look at what they add up to. */
  public static Protector countingOnly(DisclosurePolicy policy) {
    return new Protector(
        policy,
        network -> {
          List<BigDecimal[]> values = network.values();
          BigDecimal[] counts = values.get(values.size() - 1);
          return hiding(network, cell -> counts[cell].intValueExact() < policy.deals());
        });
  }

  /** Withholds nothing. */
  public static Protector showingAll(DisclosurePolicy policy) {
    return new Protector(policy, network -> hiding(network, cell -> false));
  }

  private static Verdict hiding(Network network, IntPredicate hidden) {
    BitSet withheld = (BitSet) network.never().clone();
    for (int cell = 0; cell < network.size(); cell++) {
      withheld.set(cell, withheld.get(cell) || hidden.test(cell));
    }
    return new Verdict(withheld, new BitSet());
  }
}
