package io.vesta.proof.publish.internal;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.Optional;

/** Who approved which files as which release. */
final class Approvals {

  private Approvals() {}

  static void add(
      UnitOfWork work, MemberId approver, String claim, int number, String files, Instant at) {
    work.handle()
        .createUpdate(
            "insert into vesta_proof_approval"
                + " (brokerage, claim, number, files_sha256, approver, approved_at)"
                + " values (:brokerage, :claim, :number, :files, :approver, :at)"
                + " on conflict do nothing")
        .bind("brokerage", approver.brokerage().key())
        .bind("claim", claim)
        .bind("number", number)
        .bind("files", files)
        .bind("approver", approver.key())
        .bind("at", at.toEpochMilli())
        .execute();
  }

  /** Who approved; empty if nobody did. */
  static Optional<MemberId> of(
      UnitOfWork work, BrokerageId brokerage, String claim, int number, String files) {
    return work.handle()
        .createQuery(
            "select approver from vesta_proof_approval where brokerage = :brokerage"
                + " and claim = :claim and number = :number and files_sha256 = :files")
        .bind("brokerage", brokerage.key())
        .bind("claim", claim)
        .bind("number", number)
        .bind("files", files)
        .mapTo(String.class)
        .findOne()
        .map(key -> new MemberId(brokerage, key));
  }
}
