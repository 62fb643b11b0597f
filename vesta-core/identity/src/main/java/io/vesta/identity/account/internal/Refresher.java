package io.vesta.identity.account.internal;

import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountState;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.client.Client;
import io.vesta.identity.client.internal.Granted;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.provider.internal.Metadata;
import io.vesta.identity.vault.internal.TokenVault;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges refresh tokens: one exchange at a time for an account, over all threads and nodes. What
 * is going to happen is stored before the provider is asked, and what the provider gave is stored
 * before anybody gets it. Thread-safe.
 */
public final class Refresher {

  private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 8;
  private static final Duration MARGIN = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;
  private static final int MOST_TRIES = 5;

  private final VestaConfig config;
  private final AccountStore store;
  private final TokenVault vault;
  private final Map<String, Client> clients;
  private final Discovery discovery;
  private final TokenEndpoint tokens;
  private final AuditTrail audit;
  private final Duration lease;
  private final ConcurrentMap<AccountId, CompletableFuture<Boolean>> flights =
      new ConcurrentHashMap<>();

  /**
   * Of the given parts.
   *
   * @param clients our registrations by the provider's id
   * @param lease how long an exchange may take, well over the wire's deadline
   */
  public Refresher(
      VestaConfig config,
      AccountStore store,
      TokenVault vault,
      Map<String, Client> clients,
      Discovery discovery,
      TokenEndpoint tokens,
      AuditTrail audit,
      Duration lease) {
    this.config = config;
    this.store = store;
    this.vault = vault;
    this.clients = Map.copyOf(clients);
    this.discovery = discovery;
    this.tokens = tokens;
    this.audit = audit;
    this.lease = lease;
  }

  /** Until when an access token is used without refreshing: a little less than it lives. */
  public static Instant fresh(Instant now, Granted granted) {
    Duration life = granted.lifetime();
    Duration early = life.minus(MARGIN);
    Duration half = life.dividedBy(2);
    return now.plus(early.compareTo(half) > 0 ? early : half);
  }

  /** How long somebody who needs a token waits for those who are getting one. */
  public Duration patience() {
    return lease.multipliedBy(2);
  }

  /**
   * Brings an account on: begins an exchange, waits for the one that runs, or takes it over when
   * its lease is over. The caller looks at the account again afterwards.
   *
   * @param seen the account, neither usable nor settled
   * @param now when it was seen
   */
  public void advance(StoredAccount seen, Instant now) {
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    CompletableFuture<Boolean> other = flights.putIfAbsent(seen.id(), mine);
    if (other != null) {
      await(other);
      return;
    }
    try {
      if (leased(seen, now)) {
        // Another node is at it; there is nothing to listen to but the database.
        pause();
      } else {
        step(seen.id());
      }
    } finally {
      flights.remove(seen.id(), mine);
      mine.complete(true);
    }
  }

  private static boolean leased(StoredAccount account, Instant now) {
    Instant until = account.leaseUntil();
    return account.state() == AccountState.REFRESHING && until != null && now.isBefore(until);
  }

  private void step(AccountId id) {
    StoredAccount mine = config.database().write(work -> claim(work, id));
    if (mine == null) {
      return;
    }
    Client client = clients.get(mine.provider());
    if (client == null) {
      // A node without the registration, such as one of another release, must not end the grant.
      LOG.warn("the account {} is at a provider that IdentityModule does not have", id.value());
      finish(mine, account -> account.postponed(retry(account)), "postponed");
      return;
    }
    Secret refresh = vault.open(id.ref(), mine.tokens().orElseThrow()).refresh();
    if (refresh == null) {
      finish(mine, StoredAccount::dead, "lost");
      return;
    }
    exchange(mine, client, refresh);
  }

  private @Nullable StoredAccount claim(UnitOfWork work, AccountId id) {
    Instant now = config.now(work);
    StoredAccount account = store.find(work, id).orElse(null);
    if (account == null) {
      return null;
    }
    if (account.state() == AccountState.REFRESHING) {
      if (!leased(account, now)) {
        StoredAccount abandoned = account.abandoned(now);
        if (store.replace(work, account, abandoned)) {
          record(work, abandoned, "abandoned", AuditEvent.Outcome.FAILURE);
        }
      }
      return null;
    }
    boolean open =
        account.state() == AccountState.ACTIVE || account.state() == AccountState.INDETERMINATE;
    Instant retry = account.retryAt();
    if (!open || now.isBefore(account.freshUntil()) || (retry != null && now.isBefore(retry))) {
      return null;
    }
    StoredAccount claimed = account.claimed(config.newId(), now.plus(lease));
    return store.replace(work, account, claimed) ? claimed : null;
  }

  private void exchange(StoredAccount mine, Client client, Secret refresh) {
    TokenEndpoint.Answer answer;
    Metadata metadata;
    try {
      metadata = discovery.of(client.provider());
      answer =
          tokens.exchange(
              client,
              metadata,
              new RefreshTokenGrant(new RefreshToken(TokenEndpoint.text(refresh))),
              Set.of());
    } catch (VestaException e) {
      // Nothing was sent: the provider does not describe itself, or our own proof is missing.
      LOG.warn("the account {} could not be refreshed: {}", mine.id().value(), e.getMessage());
      finish(mine, account -> account.postponed(retry(account)), "postponed");
      return;
    }
    if (answer instanceof TokenEndpoint.Answer.Yes yes) {
      keep(mine, client, metadata, yes.granted(), refresh);
    } else if (answer instanceof TokenEndpoint.Answer.GrantRefused) {
      finish(mine, StoredAccount::dead, "lost");
    } else if (answer instanceof TokenEndpoint.Answer.NotNow) {
      finish(mine, account -> account.postponed(retry(account)), "postponed");
    } else {
      finish(mine, account -> account.abandoned(retry(account)), "abandoned");
    }
  }

  /** Stores what the provider gave; if the account was taken back meanwhile, gives it back. */
  private void keep(
      StoredAccount mine, Client client, Metadata metadata, Granted granted, Secret before) {
    Secret given = granted.tokens().refresh();
    // A provider that does not rotate sends none: the old one stays.
    Secret refresh = given == null ? before : given;
    boolean kept =
        insist(
            mine,
            account ->
                account.rotated(
                    vault.seal(
                        account.id().ref(),
                        account.serial() + 1,
                        new TokenVault.Tokens(granted.tokens().access(), refresh)),
                    narrowed(account.scopes(), granted.scopes()),
                    fresh(config.clock().instant(), granted)));
    if (!kept && given != null && takenBack(mine.id())) {
      tokens.revoke(client, metadata, given);
    }
  }

  /**
   * Only then: revoking one token of a grant that a sibling renewed would end the sibling's too.
   */
  private boolean takenBack(AccountId id) {
    return config
        .database()
        .read(
            work ->
                store.find(work, id).filter(now -> now.state() != AccountState.REVOKED).isEmpty());
  }

  /** Scopes may be taken away by a refresh, never added. */
  private static Set<String> narrowed(Set<String> had, @Nullable Set<String> granted) {
    if (granted == null) {
      return had;
    }
    Set<String> left = new TreeSet<>(had);
    left.retainAll(granted);
    return left;
  }

  /**
   * Stores a new token even if the database fails for a moment: nobody else has it. If the first
   * try was committed after all, the next finds that the account has moved on.
   */
  private boolean insist(StoredAccount mine, UnaryOperator<StoredAccount> ending) {
    for (int left = MOST_TRIES - 1; left > 0; left--) {
      try {
        return finish(mine, ending, "refreshed");
      } catch (VestaException e) {
        LOG.warn("the account {} could not be stored: {}", mine.id().value(), e.getMessage());
        pause();
      }
    }
    return finish(mine, ending, "refreshed");
  }

  /** Writes how my exchange ended, unless the account has moved on without me. */
  private boolean finish(StoredAccount mine, UnaryOperator<StoredAccount> ending, String verb) {
    return config
        .database()
        .write(
            work -> {
              Optional<StoredAccount> mineStill =
                  store
                      .find(work, mine.id())
                      .filter(now -> same(now.attempt(), mine.attempt()))
                      .filter(
                          now ->
                              now.state() == AccountState.REFRESHING
                                  || (now.state() == AccountState.INDETERMINATE
                                      && verb.equals("refreshed")));
              if (mineStill.isEmpty()) {
                return false;
              }
              StoredAccount after = ending.apply(mineStill.get());
              if (!store.replace(work, mineStill.get(), after)) {
                return false;
              }
              record(
                  work,
                  after,
                  verb,
                  verb.equals("refreshed")
                      ? AuditEvent.Outcome.SUCCESS
                      : AuditEvent.Outcome.FAILURE);
              return true;
            });
  }

  private void record(
      UnitOfWork work, StoredAccount account, String verb, AuditEvent.Outcome outcome) {
    audit.append(
        work,
        AuditEvent.builder(
                new AuditAction("vesta.identity.account." + verb),
                Actor.system(account.id().brokerage(), "identity"),
                account.id().ref())
            .outcome(outcome)
            .with("state", account.state())
            .with("failures", account.failures())
            .build());
  }

  /** Doubles with every failure, between half and the whole of it, so that nodes do not march. */
  private Instant retry(StoredAccount account) {
    long most = FIRST_PAUSE.toMillis() << Math.min(account.failures(), MOST_DOUBLINGS);
    long pause = most / 2 + (long) (config.random().nextDouble() * (most / 2.0));
    return config.clock().instant().plusMillis(pause);
  }

  private void await(CompletableFuture<Boolean> other) {
    try {
      other.get(lease.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Whoever waited looks at the account again, whatever became of the other.
      LOG.debug("waiting for another exchange ended without it");
    }
  }

  /** The caller's own thread, and no longer than a person notices. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean same(@Nullable UUID one, @Nullable UUID other) {
    return one != null && one.equals(other);
  }
}
