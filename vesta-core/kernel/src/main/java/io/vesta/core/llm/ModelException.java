package io.vesta.core.llm;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model gave no text. The message never holds prompt or answer. */
public final class ModelException extends VestaException {

  private static final long serialVersionUID = 1L;

  /** The closed list of failures. */
  public enum Kind {
    /** The deadline passed. */
    TIMEOUT(true),
    /** The caller gave up. */
    CANCELLED(false),
    /** The provider asks for patience. */
    RATE_LIMITED(true),
    /** The provider is down. */
    UNAVAILABLE(true),
    /** The credential was refused. */
    AUTH(false),
    /** The request was refused as malformed. */
    INVALID(false),
    /** A filter refused the request. */
    FILTERED(false),
    /** Anything else. */
    OTHER(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  /**
   * @param kind what went wrong
   * @param retryAfter how long the provider asks to wait, or null
   * @param cause what lies beneath, or null
   */
  public ModelException(Kind kind, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(CoreError.MODEL_FAILED, "the model gave no text: " + Objects.requireNonNull(kind), cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** What went wrong; never null. */
  public Kind kind() {
    return kind;
  }

  /** How long the provider asks to wait. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the same call may succeed later. */
  public boolean retryable() {
    return kind.retryable;
  }
}
