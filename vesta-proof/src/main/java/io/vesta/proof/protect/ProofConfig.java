package io.vesta.proof.protect;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of disclosure control, bound from {@code vesta.proof}; what is null is as in
 * {@link DisclosurePolicy#STANDARD}.
 *
 * @param deals fewest deals behind a figure, 3 to 1000
 * @param clients fewest clients behind it, 3 to 1000
 * @param brokers fewest brokers behind it, 3 to 1000
 * @param estimatePercent the p of the p% rule, 1 to 100
 * @param dominantPercent the share of the two largest contributors from which a sum is unsafe, 1 to
 *     100
 * @param validDays for how many days a release may be relied on, 1 to 366; 92 if null
 */
public record ProofConfig(
    @Min(value = 3, message = "is below 3") @Max(value = 1000, message = "is above 1000") @Nullable Integer deals,
    @Min(value = 3, message = "is below 3") @Max(value = 1000, message = "is above 1000") @Nullable Integer clients,
    @Min(value = 3, message = "is below 3") @Max(value = 1000, message = "is above 1000") @Nullable Integer brokers,
    @Min(value = 1, message = "is below 1") @Max(value = 100, message = "is above 100") @Nullable Integer estimatePercent,
    @Min(value = 1, message = "is below 1") @Max(value = 100, message = "is above 100") @Nullable Integer dominantPercent,
    @Min(value = 1, message = "is below 1") @Max(value = 366, message = "is above 366") @Nullable Integer validDays) {

  /** The policy that it describes. */
  public DisclosurePolicy policy() {
    DisclosurePolicy standard = DisclosurePolicy.STANDARD;
    return new DisclosurePolicy(
        or(deals, standard.deals()),
        or(clients, standard.clients()),
        or(brokers, standard.brokers()),
        or(estimatePercent, standard.estimatePercent()),
        dominantPercent == null
            ? standard.dominance()
            : List.of(new DisclosurePolicy.Dominance(2, dominantPercent)));
  }

  /** For how long a release may be relied on. */
  public Duration validity() {
    return Duration.ofDays(or(validDays, 92));
  }

  private static int or(@Nullable Integer value, int standard) {
    return value == null ? standard : value;
  }
}
