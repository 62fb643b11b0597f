package io.vesta.identity.account;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a use of an account ended. Only the first has used it.
 *
 * @param <T> what a use gives
 */
public sealed interface UseOutcome<T> {

  /**
   * It was used.
   *
   * @param value what the use gave
   */
  record Done<T>(T value) implements UseOutcome<T> {
    /** Says nothing of the value. */
    @Override
    public String toString() {
      return "Done";
    }
  }

  /**
   * The owner must consent to more.
   *
   * @param missing the scopes that were not granted
   */
  record NeedsConsent<T>(Set<String> missing) implements UseOutcome<T> {
    /** Copies the scopes. */
    public NeedsConsent {
      missing = Set.copyOf(missing);
    }

    @Override
    public String toString() {
      return "NeedsConsent" + new TreeSet<>(missing);
    }
  }

  /** The grant is gone; the owner must connect the account again. */
  record NeedsReconnect<T>() implements UseOutcome<T> {}

  /**
   * The provider is not available; the grant is as good as before.
   *
   * @param retryAt when to try again
   */
  record ProviderDown<T>(Instant retryAt) implements UseOutcome<T> {}

  /** The account was revoked. */
  record Revoked<T>() implements UseOutcome<T> {}
}
