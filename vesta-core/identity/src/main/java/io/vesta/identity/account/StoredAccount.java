package io.vesta.identity.account;

import io.vesta.core.id.MemberId;
import io.vesta.identity.vault.Sealed;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An account as it is stored, and the only changes that there are of it. Immutable; times to the
 * millisecond.
 *
 * @param id its id
 * @param owner who connected it
 * @param provider the provider's id
 * @param subject whose account it is at the provider
 * @param scopes what may be used of it
 * @param state what is known of the grant
 * @param version how often it changed, 1 at first
 * @param serial how often its tokens were sealed, 1 at first
 * @param sealed the tokens; null once the grant is gone
 * @param freshUntil until when the access token is used without refreshing
 * @param attempt the last exchange that began; null if none did since the last success
 * @param leaseUntil how long the exchange may take; null unless {@link AccountState#REFRESHING}
 * @param doubtful whether an exchange since the last success ended without an answer
 * @param failures exchanges since the last success that failed
 * @param retryAt before which there is no other exchange; null if there may be one now
 * @param connectedAt when it was connected
 */
public record StoredAccount(
    AccountId id,
    MemberId owner,
    String provider,
    String subject,
    Set<String> scopes,
    AccountState state,
    long version,
    long serial,
    @Nullable Sealed sealed,
    Instant freshUntil,
    @Nullable UUID attempt,
    @Nullable Instant leaseUntil,
    boolean doubtful,
    int failures,
    @Nullable Instant retryAt,
    Instant connectedAt) {

  /** Copies the scopes. */
  public StoredAccount {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(owner, "owner");
    scopes = Set.copyOf(scopes);
  }

  /** A newly connected account. */
  public static StoredAccount connected(
      AccountId id,
      MemberId owner,
      String provider,
      String subject,
      Set<String> scopes,
      Sealed sealed,
      Instant freshUntil,
      Instant now) {
    return new StoredAccount(
        id,
        owner,
        provider,
        subject,
        scopes,
        AccountState.ACTIVE,
        1,
        sealed.serial(),
        sealed,
        freshUntil,
        null,
        null,
        false,
        0,
        null,
        now);
  }

  /** The owner consented again: whatever the grant was, this one is new. */
  public StoredAccount reconnected(Sealed tokens, Set<String> granted, Instant fresh) {
    require(
        AccountState.ACTIVE,
        AccountState.REFRESHING,
        AccountState.INDETERMINATE,
        AccountState.NEEDS_RECONNECT);
    return success(tokens, granted, fresh);
  }

  /** One node begins an exchange. */
  public StoredAccount claimed(UUID by, Instant until) {
    require(AccountState.ACTIVE, AccountState.INDETERMINATE);
    return next(AccountState.REFRESHING, sealed, by, until, doubtful, failures, null);
  }

  /** The exchange ended well; also if that became known only after its lease. */
  public StoredAccount rotated(Sealed tokens, Set<String> granted, Instant fresh) {
    require(AccountState.REFRESHING, AccountState.INDETERMINATE);
    return success(tokens, granted, fresh);
  }

  /** The exchange did not take place: the grant is as it was. */
  public StoredAccount postponed(Instant until) {
    require(AccountState.REFRESHING);
    return next(
        doubtful ? AccountState.INDETERMINATE : AccountState.ACTIVE,
        sealed,
        attempt,
        null,
        doubtful,
        failures + 1,
        until);
  }

  /** Nobody knows how the exchange ended: no answer came, or who made it is gone. */
  public StoredAccount abandoned(Instant until) {
    require(AccountState.REFRESHING);
    return next(AccountState.INDETERMINATE, sealed, attempt, null, true, failures + 1, until);
  }

  /** The provider refused the grant. */
  public StoredAccount dead() {
    require(AccountState.REFRESHING, AccountState.ACTIVE, AccountState.INDETERMINATE);
    return next(AccountState.NEEDS_RECONNECT, null, null, null, doubtful, failures, null);
  }

  /** Taken back. */
  public StoredAccount revoked() {
    require(
        AccountState.ACTIVE,
        AccountState.REFRESHING,
        AccountState.INDETERMINATE,
        AccountState.NEEDS_RECONNECT);
    return next(AccountState.REVOKED, null, null, null, doubtful, failures, null);
  }

  /** The same tokens under another key. */
  public StoredAccount rewrapped(Sealed tokens) {
    require(AccountState.ACTIVE, AccountState.INDETERMINATE);
    return next(state, tokens, attempt, null, doubtful, failures, retryAt);
  }

  /** The tokens; empty once the grant is gone. */
  public Optional<Sealed> tokens() {
    return Optional.ofNullable(sealed);
  }

  private StoredAccount success(Sealed tokens, Set<String> granted, Instant fresh) {
    return new StoredAccount(
        id,
        owner,
        provider,
        subject,
        granted,
        AccountState.ACTIVE,
        version + 1,
        tokens.serial(),
        tokens,
        fresh,
        null,
        null,
        false,
        0,
        null,
        connectedAt);
  }

  private StoredAccount next(
      AccountState to,
      @Nullable Sealed tokens,
      @Nullable UUID by,
      @Nullable Instant lease,
      boolean doubt,
      int failed,
      @Nullable Instant retry) {
    return new StoredAccount(
        id,
        owner,
        provider,
        subject,
        scopes,
        to,
        version + 1,
        tokens == null ? serial : tokens.serial(),
        tokens,
        freshUntil,
        by,
        lease,
        doubt,
        failed,
        retry,
        connectedAt);
  }

  private void require(AccountState first, AccountState... others) {
    if (!EnumSet.of(first, others).contains(state)) {
      throw new IllegalStateException("an account that is " + state + " has no such change");
    }
  }

  /** Nothing of the tokens or of the person. */
  @Override
  public String toString() {
    return "StoredAccount["
        + id.value()
        + " "
        + provider
        + " "
        + state
        + " v"
        + version
        + " "
        + new TreeSet<>(scopes)
        + "]";
  }
}
