package io.vesta.proof.ledger;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.Renewal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * What was ever shown of each claim, and of which rows it was made. Disclosure control is no better
 * than this memory: whatever it forgets can be subtracted by somebody who does not.
 *
 * <p><b>Contract.</b> Thread-safe. All it writes becomes durable with the unit of work and vanishes
 * with it. The releases of a claim are numbered from 1 without gaps and are linearizable over all
 * nodes: of two that {@link #take} a claim at once, the second waits for the first and sees what it
 * wrote. Nothing is ever forgotten, retracted releases included; histories of other claims and
 * brokerages are never mixed in. A ledger that cannot answer throws, and nothing is released.
 * Extend {@code ReleaseLedgerContract} of this artifact's testkit to check all that.
 */
public interface ReleaseLedger {

  /**
   * What stands for a brokerage's deals, clients and brokers: a keyed digest, the same at every
   * call for equal arguments, another for another brokerage, and useless without the brokerage's
   * secret.
   *
   * @return from the kind and the key to 64 lower-case hexadecimal digits; for one thread
   */
  BinaryOperator<String> commitments(UnitOfWork work, BrokerageId brokerage);

  /**
   * Reserves a claim for the rest of the unit of work.
   *
   * @return all that was ever published of it; never null
   */
  History take(UnitOfWork work, BrokerageId brokerage, String claim);

  /**
   * The history as it was before a release.
   *
   * @param number the release, from 1 to one beyond the last
   */
  History before(UnitOfWork work, BrokerageId brokerage, String claim, int number);

  /**
   * Adds a release with what it changes in the history.
   *
   * @param release of which the number is one beyond the last
   * @throws io.vesta.core.error.VestaException or the engine's exception if it is not
   */
  void append(
      UnitOfWork work, BrokerageId brokerage, String claim, Release release, Renewal renewal);

  /** A release; empty if there is none of that number. */
  Optional<Release> release(UnitOfWork work, BrokerageId brokerage, String claim, int number);

  /**
   * Notes that a release shall not be relied on any more. It stays in the history. A second call
   * changes nothing.
   */
  void retract(UnitOfWork work, BrokerageId brokerage, String claim, int number, Instant at);

  /** When a release was retracted; empty if it was not. */
  Optional<Instant> retracted(UnitOfWork work, BrokerageId brokerage, String claim, int number);
}
