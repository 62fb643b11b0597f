package io.vesta.audit.log;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the audit log, bound from {@code vesta.audit}.
 *
 * @param originPrefix what the origin of every brokerage's log begins with, followed by {@code /}
 *     and the brokerage's key: a host name and path of yours without scheme, such as {@code
 *     audit.example.com/prod}. A log keeps its origin for life
 * @param signingKey the name of the secret that holds the Ed25519 key, when the module was given no
 *     signer; {@code vesta.audit.signing-key} if null
 * @param vaultKey the name of the secret that holds the key of the vault of erasable details:
 *     base64 of 32 random bytes; needed when the first such detail is recorded. {@code
 *     vesta.audit.vault-key} if null
 * @param otherVaultKey the name of the secret that holds a second key of the vault, which opens and
 *     does not seal, while the key is changed; none if null. See {@link
 *     io.vesta.audit.retention.VaultRotation}
 */
public record AuditConfig(
    @NotBlank(message = "is missing") @Pattern(
            regexp = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}(?<!/)",
            message = "is no host name and path without scheme and final slash")
        String originPrefix,
    @Nullable String signingKey,
    @Nullable String vaultKey,
    @Nullable String otherVaultKey) {

  /** Gives the defaults. */
  public AuditConfig {
    signingKey = signingKey == null ? "vesta.audit.signing-key" : signingKey;
    vaultKey = vaultKey == null ? "vesta.audit.vault-key" : vaultKey;
  }
}
