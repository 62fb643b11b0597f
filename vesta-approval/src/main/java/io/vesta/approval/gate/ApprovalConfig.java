package io.vesta.approval.gate;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of approvals, bound from {@code vesta.approval}.
 *
 * @param sealingKeys the names of the secrets that seal approvals, each of 32 bytes or more: the
 *     first seals, all of them verify. To change a key, put the new one before the old and take the
 *     old one away when the last draft that it sealed is settled. {@code
 *     vesta.approval.sealing-key} if null
 * @param sendsAtOnce how many drafts one node sends at once at most, 1 to 64; 4 if null
 * @param exemptions whether exemptions may stand in for approvers at all; false if null
 */
public record ApprovalConfig(
    @Size(min = 1, max = 10, message = "names none or too many") @Nullable List<@NotBlank(message = "is blank") String> sealingKeys,
    @Min(value = 1, message = "is less than 1") @Max(value = 64, message = "is more than 64") @Nullable Integer sendsAtOnce,
    @Nullable Boolean exemptions) {

  /** Gives the default. */
  public ApprovalConfig {
    sealingKeys =
        sealingKeys == null ? List.of("vesta.approval.sealing-key") : List.copyOf(sealingKeys);
    sendsAtOnce = sendsAtOnce == null ? Integer.valueOf(4) : sendsAtOnce;
    exemptions = exemptions != null && exemptions;
  }
}
