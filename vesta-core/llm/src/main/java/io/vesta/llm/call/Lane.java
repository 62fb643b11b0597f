package io.vesta.llm.call;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.vesta.llm.call.CallFailed.Fault;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The health of one route: how many calls are under way, and whether it failed so often of late
 * that it is left alone for a while. Thread-safe.
 */
final class Lane {

  private static final int MOST_CALLS = 64;
  private static final int LAST_CALLS = 20;
  private static final float TOO_MANY_PERCENT = 50;
  private static final int FEWEST_CALLS = 5;
  private static final Duration REST = Duration.ofSeconds(30);

  private final Semaphore places = new Semaphore(MOST_CALLS);
  private final CircuitBreaker breaker;

  Lane(String route, Clock clock) {
    breaker =
        CircuitBreaker.of(
            route,
            CircuitBreakerConfig.custom()
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .slidingWindowSize(LAST_CALLS)
                .minimumNumberOfCalls(FEWEST_CALLS)
                .failureRateThreshold(TOO_MANY_PERCENT)
                .waitDurationInOpenState(REST)
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
  }

  /** Makes a call, if the route takes one now. */
  <T> T call(Supplier<T> call) {
    if (!places.tryAcquire()) {
      throw new CallFailed(Fault.BUSY);
    }
    try {
      if (!breaker.tryAcquirePermission()) {
        throw new CallFailed(Fault.CIRCUIT_OPEN);
      }
      return watched(call);
    } finally {
      places.release();
    }
  }

  private <T> T watched(Supplier<T> call) {
    boolean told = false;
    try {
      T answer = call.get();
      told = true;
      breaker.onSuccess(0, TimeUnit.MILLISECONDS);
      return answer;
    } catch (CallFailed e) {
      if (e.fault().unhealthy()) {
        told = true;
        breaker.onError(0, TimeUnit.MILLISECONDS, e);
      }
      throw e;
    } finally {
      if (!told) {
        breaker.releasePermission();
      }
    }
  }
}
