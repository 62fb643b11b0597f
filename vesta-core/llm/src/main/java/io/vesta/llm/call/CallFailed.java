package io.vesta.llm.call;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.llm.ModelException;
import io.vesta.core.llm.ModelException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why one attempt by one route gave no text; it holds nothing that a provider sent. */
final class CallFailed extends VestaException {

  private static final long serialVersionUID = 1L;

  /** What was seen, for the audit log. */
  enum Fault {
    /** Nobody reads a text of this class by any route. */
    NO_ROUTE(Kind.INVALID, false),
    /** The day's tokens are used up. */
    BUDGET(Kind.RATE_LIMITED, false),
    /** As many calls are under way as the route takes. */
    BUSY(Kind.UNAVAILABLE, false),
    /** The route failed too often of late. */
    CIRCUIT_OPEN(Kind.UNAVAILABLE, false),
    /** The host has an address that is not public. */
    ADDRESS(Kind.OTHER, false),
    /** Nobody answered there. */
    CONNECTION(Kind.UNAVAILABLE, false),
    /** The certificate, its name or the protocol is not good. */
    TLS(Kind.OTHER, false),
    /** The source of secrets has no such credential. */
    CREDENTIAL(Kind.AUTH, false),
    /** The provider refused the credential. */
    AUTH(Kind.AUTH, false),
    /** The provider refused the request. */
    REQUEST(Kind.INVALID, false),
    /** The provider asks for patience. */
    RATE(Kind.RATE_LIMITED, false),
    /** The provider says that it is down. */
    DOWN(Kind.UNAVAILABLE, false),
    /** The provider pointed elsewhere. */
    REDIRECT(Kind.OTHER, false),
    /** The answer is larger than any text that was asked for. */
    TOO_LARGE(Kind.OTHER, true),
    /** The answer has another form. */
    MALFORMED(Kind.OTHER, true),
    /** A program for local models answered. */
    LOCAL_MODEL(Kind.OTHER, true),
    /** The connection broke after the request. */
    BROKEN(Kind.UNAVAILABLE, true),
    /** The deadline passed. */
    TIMEOUT(Kind.TIMEOUT, true),
    /** The caller gave up. */
    CANCELLED(Kind.CANCELLED, true);

    private final Kind kind;
    private final boolean charged;

    Fault(Kind kind, boolean charged) {
      this.kind = kind;
      this.charged = charged;
    }

    /** Whether the provider may have read the prompt, and count it. */
    boolean charged() {
      return charged;
    }

    /** Whether it tells of the provider's health. */
    boolean unhealthy() {
      return this == CONNECTION || this == DOWN || this == BROKEN || this == TIMEOUT;
    }

    /** Whether the route itself did not take the call, so that another may. */
    boolean passesOn() {
      return kind == Kind.UNAVAILABLE || kind == Kind.RATE_LIMITED;
    }
  }

  private final Fault fault;
  private final @Nullable Duration retryAfter;

  CallFailed(Fault fault) {
    this(fault, null);
  }

  CallFailed(Fault fault, @Nullable Duration retryAfter) {
    super(CoreError.MODEL_FAILED, fault.name());
    this.fault = fault;
    this.retryAfter = retryAfter;
  }

  Fault fault() {
    return fault;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** As the port knows it. */
  ModelException toModelException() {
    return new ModelException(fault.kind, retryAfter, null);
  }
}
