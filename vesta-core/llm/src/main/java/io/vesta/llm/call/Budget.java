package io.vesta.llm.call;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.llm.route.Route;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Tokens that brokerages use, by route and UTC day, for all nodes together. They are taken before a
 * call and what was not used is given back after it, so that a node that dies leaves them used.
 */
final class Budget {

  private Budget() {}

  /** Takes tokens; false, and nothing taken, if the day has not so many left. */
  static boolean take(
      UnitOfWork work, BrokerageId brokerage, Route route, Instant now, long tokens) {
    return tokens <= route.tokensPerDay()
        && work.handle()
                .createUpdate(
                    "insert into vesta_llm_tokens (brokerage, route, day, used)"
                        + " values (:brokerage, :route, :day, :tokens)"
                        + " on conflict (brokerage, route, day) do update"
                        + " set used = vesta_llm_tokens.used + excluded.used"
                        + " where vesta_llm_tokens.used + excluded.used <= :most")
                .bind("brokerage", brokerage.key())
                .bind("route", route.id())
                .bind("day", day(now))
                .bind("tokens", tokens)
                .bind("most", route.tokensPerDay())
                .execute()
            == 1;
  }

  /** Gives back what was taken too much, or takes what was used beyond it. */
  static void settle(
      UnitOfWork work, BrokerageId brokerage, Route route, Instant taken, long tooMuch) {
    work.handle()
        .createUpdate(
            "update vesta_llm_tokens set used = case when used > :tokens then used - :tokens"
                + " else 0 end where brokerage = :brokerage and route = :route and day = :day")
        .bind("tokens", tooMuch)
        .bind("brokerage", brokerage.key())
        .bind("route", route.id())
        .bind("day", day(taken))
        .execute();
  }

  private static long day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC).toEpochDay();
  }
}
