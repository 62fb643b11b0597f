package io.vesta.identity.account.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.IdentityTables;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.testkit.AccountStoreContract;
import io.vesta.identity.testkit.DelegatingStore;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The built-in store keeps the contract on both engines, and the contract sees stores that do not.
 */
class JdbcAccountStoreTest {

  @TempDir static Path directory;

  private static Database fresh(Engine engine) {
    Database database = engine.fresh(directory).database();
    new SchemaInstaller(database, List.of(IdentityTables.schema())).install();
    return database;
  }

  abstract static class On extends AccountStoreContract {
    private final Engine engine;
    private Database database;

    On(Engine engine) {
      this.engine = engine;
    }

    @BeforeEach
    void open() {
      database = fresh(engine);
    }

    @Override
    protected AccountStore store() {
      return new JdbcAccountStore();
    }

    @Override
    protected Database database() {
      return database;
    }
  }

  @Nested
  class OnSqlite extends On {
    OnSqlite() {
      super(Engine.SQLITE);
    }
  }

  @Nested
  class OnPostgres extends On {
    OnPostgres() {
      super(Engine.POSTGRESQL);
    }
  }

  /** Writes over whatever is there: the lost update that kills grants. */
  static final class LastWins extends DelegatingStore {
    @Override
    public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
      StoredAccount now = real.find(work, before.id()).orElseThrow();
      return real.replace(work, now, after);
    }
  }

  /** Says yes to everybody. */
  static final class YesSayer extends DelegatingStore {
    @Override
    public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
      real.replace(work, before, after);
      return true;
    }
  }

  /** Keeps what was rolled back. */
  static final class Stubborn extends DelegatingStore {
    private final Map<AccountId, StoredAccount> memory =
        new java.util.concurrent.ConcurrentHashMap<>();

    @Override
    public void add(UnitOfWork work, StoredAccount account) {
      real.add(work, account);
      memory.put(account.id(), account);
    }

    @Override
    public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
      boolean done = real.replace(work, before, after);
      if (done) {
        memory.put(after.id(), after);
      }
      return done;
    }

    @Override
    public Optional<StoredAccount> find(UnitOfWork work, AccountId id) {
      return Optional.ofNullable(memory.get(id));
    }
  }

  /** Forgets to whom accounts belong. */
  static final class Mixer extends DelegatingStore {
    @Override
    public List<StoredAccount> ofMember(UnitOfWork work, MemberId owner) {
      List<StoredAccount> all = new ArrayList<>(real.ofMember(work, owner));
      all.addAll(real.ofMember(work, new MemberId(new BrokerageId("other"), owner.key())));
      return all;
    }
  }

  /** Loses milliseconds. */
  static final class Rounding extends DelegatingStore {
    @Override
    public Optional<StoredAccount> find(UnitOfWork work, AccountId id) {
      return real.find(work, id)
          .map(
              account ->
                  account.state() == io.vesta.identity.account.AccountState.ACTIVE
                      ? StoredAccount.connected(
                          account.id(),
                          account.owner(),
                          account.provider(),
                          account.subject(),
                          account.scopes(),
                          account.tokens().orElseThrow(),
                          account.freshUntil(),
                          account.connectedAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS))
                      : account);
    }
  }

  /** Finds nothing that another key sealed, so that a key is retired under somebody's tokens. */
  static final class Blind extends DelegatingStore {
    @Override
    public long sealedUnder(UnitOfWork work, String keyId) {
      return 0;
    }
  }

  static Stream<Object[]> broken() {
    return Stream.of(
        new Object[] {new LastWins(), "ac03"},
        new Object[] {new LastWins(), "ac04"},
        new Object[] {new YesSayer(), "ac03"},
        new Object[] {new YesSayer(), "ac04"},
        new Object[] {new Stubborn(), "ac05"},
        new Object[] {new Mixer(), "ac06"},
        new Object[] {new Rounding(), "ac01"},
        new Object[] {new Blind(), "ac07"});
  }

  @ParameterizedTest
  @MethodSource("broken")
  void the_contract_refuses_a_broken_store(AccountStore store, String rule) {
    Database database = fresh(Engine.SQLITE);
    AccountStoreContract contract =
        new AccountStoreContract() {
          @Override
          protected AccountStore store() {
            return store;
          }

          @Override
          protected Database database() {
            return database;
          }
        };
    var test =
        ReflectionSupport.findMethods(
                AccountStoreContract.class,
                method -> method.getName().startsWith("required_" + rule),
                HierarchyTraversalMode.TOP_DOWN)
            .get(0);
    assertThrows(AssertionError.class, () -> ReflectionSupport.invokeMethod(test, contract));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void the_table_itself_holds_no_account_that_is_reached_by_a_password(Engine engine) {
    Database database = fresh(engine);
    Function<UnitOfWork, Integer> insert =
        work ->
            work.handle()
                .execute(
                    "insert into vesta_account (brokerage, id, member, provider, subject, scopes,"
                        + " mechanism, state, version, serial, fresh_until, doubtful, failures,"
                        + " connected_at) values ('acme', 'x', 'ann', 'p', 's', '', 'PLAIN',"
                        + " 'ACTIVE', 1, 1, 0, 0, 0, 0)");
    assertThrows(VestaException.class, () -> database.write(insert));
    assertEquals(
        List.of(),
        database.read(
            work -> work.handle().select("select id from vesta_account").mapToMap().list()));
  }

  @Test
  void a_change_that_a_state_does_not_have_cannot_be_made() {
    StoredAccount account =
        StoredAccount.connected(
            new AccountId(new BrokerageId("acme"), new java.util.UUID(7, 1)),
            new MemberId(new BrokerageId("acme"), "ann"),
            "p",
            "s",
            java.util.Set.of(),
            new io.vesta.identity.vault.Sealed("k", 1, "x"),
            java.time.Instant.EPOCH,
            java.time.Instant.EPOCH);
    StoredAccount revoked = account.revoked();
    assertTrue(revoked.tokens().isEmpty());
    assertThrows(
        IllegalStateException.class,
        () -> revoked.claimed(new java.util.UUID(7, 2), java.time.Instant.EPOCH));
    assertThrows(IllegalStateException.class, revoked::revoked);
    assertThrows(IllegalStateException.class, () -> account.postponed(java.time.Instant.EPOCH));
    assertThrows(IllegalStateException.class, () -> account.abandoned(java.time.Instant.EPOCH));
  }
}
