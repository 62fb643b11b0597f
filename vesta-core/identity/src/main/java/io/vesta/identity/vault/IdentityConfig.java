package io.vesta.identity.vault;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of identity, bound from {@code vesta.identity}.
 *
 * @param vaultKeys the names of the secrets that seal tokens, each of 32 bytes or more: the first
 *     seals, all of them open. To change a key, put the new one before the old, rewrap, and take
 *     the old one away. {@code vesta.identity.vault-key} if null
 * @param providerDeadline how long a provider may take for a whole answer, 1 to 60 seconds; 10
 *     seconds if null
 */
public record IdentityConfig(
    @Size(min = 1, max = 10, message = "names none or too many") @Nullable List<
                @NotBlank(message = "is blank") @Pattern(regexp = "[A-Za-z0-9._-]{1,64}", message = "is no name of a secret") String>
            vaultKeys,
    @DurationMin(seconds = 1, message = "is less than a second")
        @DurationMax(seconds = 60, message = "is more than a minute")
        @Nullable Duration providerDeadline) {

  /** Gives the defaults. */
  public IdentityConfig {
    vaultKeys = vaultKeys == null ? List.of("vesta.identity.vault-key") : List.copyOf(vaultKeys);
    providerDeadline = providerDeadline == null ? Duration.ofSeconds(10) : providerDeadline;
  }
}
