package io.vesta.audit.retention;

import io.vesta.audit.log.AuditLog;
import io.vesta.audit.vault.Vault;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.Ref;
import io.vesta.core.storage.Database;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Changes the key of the vault of erasable details. With nodes that know one key only, whatever the
 * other sealed would not open, so it takes four steps: give every node the new key as {@code
 * vesta.audit.otherVaultKey}; exchange the two names on every node; call {@link #rewrap} for every
 * brokerage until it gives 0; take the old key away. Thread-safe.
 */
public final class VaultRotation {

  /** What the log says of it: {@code keys} is how many subjects' keys were sealed anew. */
  public static final AuditAction REWRAPPED = new AuditAction("vesta.audit.vault.rewrapped");

  private final Database database;
  private final AuditLog log;
  private final Vault vault;

  @Inject
  VaultRotation(VestaConfig config, AuditLog log, Vault vault) {
    this.database = config.database();
    this.log = log;
    this.vault = vault;
  }

  /**
   * Seals the subjects' keys of the operator's brokerage anew under the vault's key, as far as the
   * other key sealed them; values stay as they are. Works in transactions of a few hundred keys,
   * each with an entry in the log: what was done before an interruption is done, and calling again
   * does the rest. Waits for no transaction of the host's.
   *
   * @param operator a person of the brokerage; whether they may do so is the host's to check
   * @return how many keys were sealed anew
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-AUDIT-014} if a subject's key
   *     opens with neither key, {@code VESTA-AUDIT-013} if a key of the vault is unusable
   */
  public int rewrap(Actor operator) {
    operator.requirePerson("changing the key of the vault");
    int keys = 0;
    Optional<String> after = Optional.of("");
    while (after.isPresent()) {
      String from = after.get();
      Vault.Rewrapped step =
          database.write(
              work -> {
                Vault.Rewrapped done = vault.rewrap(work, operator.brokerage(), from);
                if (done.keys() > 0) {
                  log.append(
                      work,
                      AuditEvent.builder(
                              REWRAPPED, operator, new Ref("AuditLog", operator.brokerage().key()))
                          .with("keys", done.keys())
                          .build());
                }
                return done;
              });
      keys += step.keys();
      after = step.last();
    }
    return keys;
  }
}
