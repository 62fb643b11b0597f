package io.vesta.identity.login.internal;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Keeps flows between their two halves, which may be on two nodes. Thread-safe. */
final class PendingFlows {

  private PendingFlows() {}

  static void add(UnitOfWork work, String state, Pending flow) {
    MemberId member = flow.member();
    work.handle()
        .createUpdate(
            "insert into vesta_pending_flow (state, kind, provider, client, key_id, browser,"
                + " return_to, brokerage, member, scopes, expires_at) values (:state, :kind,"
                + " :provider, :client, :key, :browser, :returnTo, :brokerage, :member, :scopes,"
                + " :expires)")
        .bind("state", Digests.sha256(state))
        .bind("kind", flow.kind().name())
        .bind("provider", flow.provider())
        .bind("client", flow.client())
        .bind("key", flow.keyId())
        .bind("browser", flow.browser())
        .bind("returnTo", flow.returnTo())
        .bind("brokerage", member == null ? null : member.brokerage().key())
        .bind("member", member == null ? null : member.key())
        .bind("scopes", String.join(" ", new TreeSet<>(flow.scopes())))
        .bind("expires", flow.expiresAt().toEpochMilli())
        .execute();
  }

  static Optional<Pending> find(UnitOfWork work, String state) {
    return work.handle()
        .createQuery("select * from vesta_pending_flow where state = :state")
        .bind("state", Digests.sha256(state))
        .map(
            (row, context) ->
                new Pending(
                    Pending.Kind.valueOf(row.getString("kind")),
                    row.getString("provider"),
                    row.getString("client"),
                    row.getString("key_id"),
                    row.getString("browser"),
                    row.getString("return_to"),
                    member(row.getString("brokerage"), row.getString("member")),
                    scopes(row.getString("scopes")),
                    Instant.ofEpochMilli(row.getLong("expires_at"))))
        .findOne();
  }

  private static @Nullable MemberId member(@Nullable String brokerage, @Nullable String member) {
    return brokerage == null || member == null
        ? null
        : new MemberId(new BrokerageId(brokerage), member);
  }

  private static Set<String> scopes(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" ", -1));
  }

  /** Whether this unit of work is the one that took it. */
  static boolean take(UnitOfWork work, String state) {
    return work.handle()
            .createUpdate("delete from vesta_pending_flow where state = :state")
            .bind("state", Digests.sha256(state))
            .execute()
        == 1;
  }

  static void forget(UnitOfWork work, MemberId member) {
    work.handle()
        .createUpdate(
            "delete from vesta_pending_flow where brokerage = :brokerage and member = :member")
        .bind("brokerage", member.brokerage().key())
        .bind("member", member.key())
        .execute();
  }

  static void purge(UnitOfWork work, Instant now) {
    work.handle()
        .createUpdate("delete from vesta_pending_flow where expires_at < :now")
        .bind("now", now.toEpochMilli())
        .execute();
  }
}
