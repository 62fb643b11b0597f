package io.vesta.identity.account;

import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.vault.Sealed;
import io.vesta.identity.vault.internal.TokenVault;
import java.util.List;

/**
 * Moves sealed tokens to the current key while accounts are in use: put a new key first in {@code
 * vesta.identity.vaultKeys}, call {@link #rewrap} until it returns zero, then {@link
 * #requireUnused} and take the old key away. May be stopped at any point and run on several nodes.
 * Thread-safe.
 */
public final class VaultRotation {

  private final VestaConfig config;
  private final AccountStore store;
  private final TokenVault vault;

  /** Of the given parts; the module of vesta-identity makes it. */
  public VaultRotation(VestaConfig config, AccountStore store, TokenVault vault) {
    this.config = config;
    this.store = store;
    this.vault = vault;
  }

  /**
   * Seals anew, each account in a transaction of its own; one that is being refreshed is left,
   * since it is going to be sealed under the current key anyway.
   *
   * @param most at most so many accounts are looked at
   * @return how many were sealed anew
   */
  public int rewrap(int most) {
    String current = vault.ring().current();
    List<StoredAccount> old = config.database().read(work -> store.notUnder(work, current, most));
    int done = 0;
    for (StoredAccount account : old) {
      if (account.state() != AccountState.REFRESHING) {
        Sealed sealed = account.tokens().orElseThrow();
        TokenVault.Tokens tokens = vault.open(account.id().ref(), sealed);
        StoredAccount after =
            account.rewrapped(vault.seal(account.id().ref(), account.serial() + 1, tokens));
        if (config.database().write(work -> store.replace(work, account, after))) {
          done++;
        }
      }
    }
    return done;
  }

  /**
   * Checks that a key may be taken away.
   *
   * @throws VestaException with {@link IdentityError#VAULT_KEY_INVALID} if it seals new tokens, or
   *     some are still sealed by it
   */
  public void requireUnused(String keyId) {
    long left = config.database().read(work -> store.sealedUnder(work, keyId));
    if (left > 0 || vault.ring().current().equals(keyId)) {
      throw new VestaException(
          IdentityError.VAULT_KEY_INVALID,
          "the vault key seals " + left + " accounts, or is the current one; rewrap first");
    }
  }
}
