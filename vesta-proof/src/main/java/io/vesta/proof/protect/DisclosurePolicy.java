package io.vesta.proof.protect;

import io.vesta.core.error.VestaException;
import io.vesta.proof.spec.Unit;
import java.util.List;

/**
 * When a figure says too much about few. The minimum counts may be told to the public; the other
 * numbers should not be, since they help to narrow what is withheld (HandbookSDC chapter 4).
 *
 * @param deals fewest deals behind a figure, at least 3
 * @param clients fewest clients behind it, at least 3, if the spec names clients
 * @param brokers fewest brokers behind it, at least 3: of two, each knows the other
 * @param estimatePercent the p of the p% rule, 1 to 100: unsafe if what is left of a sum without
 *     its two largest contributors is less than this share of the largest, because the second could
 *     then estimate the largest that closely
 * @param dominance the (n,k) rules: unsafe if the n largest contributors hold k percent or more
 */
public record DisclosurePolicy(
    int deals, int clients, int brokers, int estimatePercent, List<Dominance> dominance) {

  /** Five deals, five clients, three brokers; p = 10; two contributors below 90 percent. */
  public static final DisclosurePolicy STANDARD =
      new DisclosurePolicy(5, 5, 3, 10, List.of(new Dominance(2, 90)));

  /**
   * One (n,k) rule.
   *
   * @param largest how many of the largest contributors together, 1 to 10
   * @param percent their share from which a sum is unsafe, 1 to 100
   */
  public record Dominance(int largest, int percent) {
    /** Checks the ranges. */
    public Dominance {
      require("dominance largest", largest, 1, 10);
      require("dominance percent", percent, 1, 100);
    }
  }

  /** Checks the ranges. */
  public DisclosurePolicy {
    require("deals", deals, 3, 1_000);
    require("clients", clients, 3, 1_000);
    require("brokers", brokers, 3, 1_000);
    require("estimatePercent", estimatePercent, 1, 100);
    dominance = List.copyOf(dominance);
  }

  /** The fewest of a unit behind a figure. */
  public int fewest(Unit unit) {
    return switch (unit) {
      case DEAL -> deals;
      case CLIENT -> clients;
      case BROKER -> brokers;
    };
  }

  private static void require(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw VestaException.invalid(
          "disclosure policy " + field, "out of range", "use " + least + " to " + most);
    }
  }
}
