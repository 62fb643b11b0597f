package io.vesta.approval.review;

import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import java.util.Set;

/**
 * SPI: the host's word on who stands in for whom, so that nobody is the second pair of eyes of
 * themselves through another. Thread-safe; called within the unit of work of the act.
 */
@FunctionalInterface
public interface Coverage {

  /**
   * Everybody whom a member stands in for now, and everybody who stands in for them.
   *
   * @return never null; empty for nobody
   */
  Set<MemberId> pairedWith(UnitOfWork work, MemberId member);
}
