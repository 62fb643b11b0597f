package io.vesta.identity.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.Database;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.vault.Sealed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link AccountStore}. Inherit it, supply a store and its database, and run it.
 */
public abstract class AccountStoreContract {

  private static final Instant NOW = Instant.parse("2026-06-30T12:00:00.123Z");
  private static final MemberId ANN = new MemberId(new BrokerageId("acme"), "ann");

  /** For subclasses. */
  protected AccountStoreContract() {}

  /** The store. */
  protected abstract AccountStore store();

  /** An empty database with the store's tables; the same one during a test. */
  protected abstract Database database();

  private static StoredAccount account(int number, MemberId owner) {
    return StoredAccount.connected(
        new AccountId(owner.brokerage(), new UUID(7, number)),
        owner,
        "google",
        "sub-" + number,
        Set.of("mail.read", "https://provider.example/auth/calendar"),
        new Sealed("vault-1", 1, "a.b.c.d.e"),
        NOW.plusSeconds(3_600),
        NOW);
  }

  private Optional<StoredAccount> found(AccountId id) {
    return database().read(work -> store().find(work, id));
  }

  private StoredAccount added(int number) {
    StoredAccount account = account(number, ANN);
    database()
        .write(
            work -> {
              store().add(work, account);
              return 0;
            });
    return account;
  }

  private boolean replaced(StoredAccount before, StoredAccount after) {
    return database().write(work -> store().replace(work, before, after));
  }

  @Test
  public void required_ac01_what_was_stored_is_read_back_equal_in_every_state() {
    StoredAccount now = added(1);
    assertEquals(Optional.of(now), found(now.id()));
    List<StoredAccount> after = new ArrayList<>();
    StoredAccount claimed = now.claimed(new UUID(7, 9), NOW.plusSeconds(20));
    after.add(claimed);
    after.add(claimed.abandoned(NOW.plusSeconds(2)));
    after.add(after.get(1).claimed(new UUID(7, 10), NOW.plusSeconds(40)));
    after.add(after.get(2).postponed(NOW.plusSeconds(3)));
    after.add(after.get(3).claimed(new UUID(7, 11), NOW.plusSeconds(60)));
    after.add(
        after.get(4).rotated(new Sealed("vault-2", 2, "f.g.h.i.j"), Set.of(), NOW.plusSeconds(9)));
    after.add(after.get(5).rewrapped(new Sealed("vault-3", 3, "k.l.m.n.o")));
    after.add(after.get(6).dead());
    after.add(after.get(7).revoked());
    for (StoredAccount next : after) {
      assertTrue(replaced(now, next), next::toString);
      assertEquals(Optional.of(next), found(now.id()));
      now = next;
    }
  }

  @Test
  public void required_ac02_an_id_is_taken_once_and_another_brokerage_has_its_own() {
    StoredAccount account = added(1);
    assertThrows(RuntimeException.class, () -> added(1));
    AccountId elsewhere = new AccountId(new BrokerageId("other"), account.id().value());
    assertEquals(Optional.empty(), found(elsewhere));
  }

  @Test
  public void required_ac03_only_the_version_that_was_seen_is_replaced() {
    StoredAccount account = added(1);
    StoredAccount claimed = account.claimed(new UUID(7, 9), NOW.plusSeconds(20));
    assertTrue(replaced(account, claimed));
    assertFalse(replaced(account, account.revoked()), "it has moved on");
    assertEquals(Optional.of(claimed), found(account.id()));
  }

  @Test
  public void required_ac04_of_many_that_replace_one_version_exactly_one_does() throws Exception {
    StoredAccount account = added(1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    int won = 0;
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        UUID attempt = new UUID(8, i);
        all.add(
            threads.submit(
                () -> {
                  try {
                    return replaced(account, account.claimed(attempt, NOW.plusSeconds(20)));
                  } catch (RuntimeException e) {
                    return false;
                  }
                }));
      }
      for (Future<Boolean> one : all) {
        won += one.get() ? 1 : 0;
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, won);
    assertEquals(2, found(account.id()).orElseThrow().version());
  }

  @Test
  public void required_ac05_what_is_rolled_back_is_gone() {
    StoredAccount account = added(1);
    assertThrows(
        IllegalStateException.class,
        () ->
            database()
                .write(
                    work -> {
                      store().replace(work, account, account.revoked());
                      store().add(work, account(2, ANN));
                      throw new IllegalStateException("the host changed its mind");
                    }));
    assertEquals(Optional.of(account), found(account.id()));
    assertEquals(Optional.empty(), found(account(2, ANN).id()));
  }

  @Test
  public void required_ac06_a_member_s_accounts_are_theirs_alone_and_in_order() {
    MemberId namesake = new MemberId(new BrokerageId("other"), "ann");
    StoredAccount two = added(2);
    StoredAccount one = added(1);
    database()
        .write(
            work -> {
              store().add(work, account(3, namesake));
              return 0;
            });
    assertEquals(List.of(one, two), database().read(work -> store().ofMember(work, ANN)));
  }

  @Test
  public void required_ac07_what_another_key_sealed_is_found_and_counted() {
    StoredAccount one = added(1);
    StoredAccount two = added(2);
    StoredAccount three = added(3);
    assertTrue(replaced(two, two.rewrapped(new Sealed("vault-2", 2, "f.g.h.i.j"))));
    assertTrue(replaced(three, three.revoked()));
    assertEquals(List.of(one), database().read(work -> store().notUnder(work, "vault-2", 10)));
    List<Long> counted =
        database()
            .read(
                work ->
                    List.of(
                        store().sealedUnder(work, "vault-1"),
                        store().sealedUnder(work, "vault-2"),
                        store().notByOauth(work, ANN.brokerage())));
    assertEquals(List.of(1L, 1L, 0L), counted);
  }
}
