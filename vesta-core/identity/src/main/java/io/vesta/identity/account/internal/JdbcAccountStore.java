package io.vesta.identity.account.internal;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountState;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.vault.Sealed;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Accounts over JDBC; the statements are the same on both engines. */
public final class JdbcAccountStore implements AccountStore {

  private static final String SET =
      "scopes = :scopes, state = :state, version = :version, key_id = :key, serial = :serial,"
          + " sealed = :sealed, fresh_until = :fresh, attempt = :attempt, lease_until = :lease,"
          + " doubtful = :doubtful, failures = :failures, retry_at = :retry";

  /** A store; it has no state. */
  public JdbcAccountStore() {}

  @Override
  public void add(UnitOfWork work, StoredAccount account) {
    bind(
            work.handle()
                .createUpdate(
                    "insert into vesta_account (brokerage, id, member, provider, subject, scopes,"
                        + " mechanism, state, version, key_id, serial, sealed, fresh_until,"
                        + " attempt, lease_until, doubtful, failures, retry_at, connected_at)"
                        + " values (:brokerage, :id, :member, :provider, :subject, :scopes,"
                        + " 'OAUTH2', :state, :version, :key, :serial, :sealed, :fresh, :attempt,"
                        + " :lease, :doubtful, :failures, :retry, :connected)"),
            account)
        .bind("member", account.owner().key())
        .bind("provider", account.provider())
        .bind("subject", account.subject())
        .bind("connected", account.connectedAt().toEpochMilli())
        .execute();
  }

  @Override
  public Optional<StoredAccount> find(UnitOfWork work, AccountId id) {
    return work.handle()
        .createQuery("select * from vesta_account where brokerage = :brokerage and id = :id")
        .bind("brokerage", id.brokerage().key())
        .bind("id", id.value().toString())
        .map((row, context) -> account(row))
        .findOne();
  }

  @Override
  public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
    return bind(
                work.handle()
                    .createUpdate(
                        "update vesta_account set "
                            + SET
                            + " where brokerage = :brokerage and id = :id and version = :seen"),
                after)
            .bind("seen", before.version())
            .execute()
        == 1;
  }

  @Override
  public List<StoredAccount> ofMember(UnitOfWork work, MemberId owner) {
    return work.handle()
        .createQuery(
            "select * from vesta_account where brokerage = :brokerage and member = :member"
                + " order by id")
        .bind("brokerage", owner.brokerage().key())
        .bind("member", owner.key())
        .map((row, context) -> account(row))
        .list();
  }

  @Override
  public List<StoredAccount> notUnder(UnitOfWork work, String keyId, int most) {
    return work.handle()
        .createQuery(
            "select * from vesta_account where key_id is not null and key_id <> :key"
                + " order by brokerage, id limit :most")
        .bind("key", keyId)
        .bind("most", most)
        .map((row, context) -> account(row))
        .list();
  }

  @Override
  public long sealedUnder(UnitOfWork work, String keyId) {
    return work.handle()
        .createQuery("select count(*) from vesta_account where key_id = :key")
        .bind("key", keyId)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public long notByOauth(UnitOfWork work, BrokerageId brokerage) {
    return work.handle()
        .createQuery(
            "select count(*) from vesta_account where brokerage = :brokerage"
                + " and mechanism <> 'OAUTH2'")
        .bind("brokerage", brokerage.key())
        .mapTo(Long.class)
        .one();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, StoredAccount account) {
    Sealed sealed = account.sealed();
    UUID attempt = account.attempt();
    return statement
        .bind("brokerage", account.id().brokerage().key())
        .bind("id", account.id().value().toString())
        .bind("scopes", String.join(" ", new TreeSet<>(account.scopes())))
        .bind("state", account.state().name())
        .bind("version", account.version())
        .bind("key", sealed == null ? null : sealed.keyId())
        .bind("serial", account.serial())
        .bind("sealed", sealed == null ? null : sealed.jwe())
        .bind("fresh", account.freshUntil().toEpochMilli())
        .bind("attempt", attempt == null ? null : attempt.toString())
        .bind("lease", millis(account.leaseUntil()))
        .bind("doubtful", account.doubtful() ? 1 : 0)
        .bind("failures", account.failures())
        .bind("retry", millis(account.retryAt()));
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  private static StoredAccount account(ResultSet row) throws SQLException {
    BrokerageId brokerage = new BrokerageId(row.getString("brokerage"));
    String sealed = row.getString("sealed");
    String attempt = row.getString("attempt");
    String scopes = row.getString("scopes");
    long serial = row.getLong("serial");
    return new StoredAccount(
        new AccountId(brokerage, UUID.fromString(row.getString("id"))),
        new MemberId(brokerage, row.getString("member")),
        row.getString("provider"),
        row.getString("subject"),
        scopes.isEmpty() ? Set.of() : Set.of(scopes.split(" ", -1)),
        AccountState.valueOf(row.getString("state")),
        row.getLong("version"),
        serial,
        sealed == null ? null : new Sealed(row.getString("key_id"), serial, sealed),
        Instant.ofEpochMilli(row.getLong("fresh_until")),
        attempt == null ? null : UUID.fromString(attempt),
        instant(row, "lease_until"),
        row.getInt("doubtful") == 1,
        row.getInt("failures"),
        instant(row, "retry_at"),
        Instant.ofEpochMilli(row.getLong("connected_at")));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
