package io.vesta.approval.draft;

import io.vesta.core.error.VestaException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far sending has come.
 *
 * @param key what the provider deduplicates by: 64 hexadecimal digits, the same for every attempt;
 *     empty before the approval
 * @param attempts how many attempts were begun
 * @param fence rises with every attempt and its end: who holds an older one changes nothing
 * @param leaseUntil when the attempt under way or lost, or the writing, must have ended; null if
 *     there is none
 * @param nextAt when it may be sent, or the provider asked about it; null if neither
 * @param firstAt when the first attempt began; null if none was
 * @param maybeOut whether an attempt ended without an answer and none was found since
 * @param evidence what the provider called it, or a person's reason; empty for nothing
 */
public record Dispatch(
    String key,
    int attempts,
    long fence,
    @Nullable Instant leaseUntil,
    @Nullable Instant nextAt,
    @Nullable Instant firstAt,
    boolean maybeOut,
    String evidence) {

  private static final int LONGEST_EVIDENCE = 200;

  /** Checks presence and size. */
  public Dispatch {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(evidence, "evidence");
    if (evidence.length() > LONGEST_EVIDENCE) {
      throw VestaException.invalid(
          "evidence",
          "a text of " + evidence.length() + " characters",
          "use at most " + LONGEST_EVIDENCE);
    }
  }

  /** Nothing was tried yet; a model writes until a time. */
  public static Dispatch writing(Instant until) {
    return new Dispatch("", 0, 0, until, null, null, false, "");
  }

  /** Due from a time on, under a key that does not change any more. */
  public Dispatch due(String dedupeKey, Instant at) {
    return new Dispatch(
        key.isEmpty() ? dedupeKey : key, attempts, fence, null, at, firstAt, maybeOut, evidence);
  }

  /** Not due; a text that was never tried loses its key too. */
  public Dispatch notDue() {
    return new Dispatch(
        attempts == 0 ? "" : key, attempts, fence, null, null, firstAt, maybeOut, evidence);
  }

  /** An attempt under way. */
  public Dispatch leased(Instant now, Instant until) {
    return new Dispatch(
        key,
        attempts + 1,
        fence + 1,
        until,
        null,
        firstAt == null ? now : firstAt,
        maybeOut,
        evidence);
  }

  /** The attempt ended and its outcome is known. */
  public Dispatch ended() {
    return new Dispatch(key, attempts, fence + 1, null, nextAt, firstAt, maybeOut, evidence);
  }

  /**
   * The attempt ended and nobody knows how. The lease stays as the time until which it may still
   * have been under way.
   *
   * @param askAt when the provider can be asked; null if it cannot
   */
  public Dispatch lost(@Nullable Instant askAt) {
    return new Dispatch(key, attempts, fence + 1, leaseUntil, askAt, firstAt, true, evidence);
  }

  /** The provider never got it. */
  public Dispatch missed() {
    return new Dispatch(key, attempts, fence, leaseUntil, nextAt, firstAt, false, evidence);
  }

  /** With the provider's or a person's word for it. */
  public Dispatch proven(String word) {
    return new Dispatch(key, attempts, fence, leaseUntil, nextAt, firstAt, maybeOut, word);
  }
}
