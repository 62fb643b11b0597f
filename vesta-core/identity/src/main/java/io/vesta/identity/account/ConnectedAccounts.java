package io.vesta.identity.account;

import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.IdentityError;
import io.vesta.identity.account.internal.Refresher;
import io.vesta.identity.client.Registration;
import io.vesta.identity.client.internal.Granted;
import io.vesta.identity.client.internal.TokenEndpoint;
import io.vesta.identity.login.BrowserBinding;
import io.vesta.identity.login.Callback;
import io.vesta.identity.login.ReturnPath;
import io.vesta.identity.login.internal.CodeFlow;
import io.vesta.identity.login.internal.Pending;
import io.vesta.identity.provider.internal.Discovery;
import io.vesta.identity.vault.Sealed;
import io.vesta.identity.vault.internal.TokenVault;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that members connect by consent at a provider, and the use of their tokens. Thread-safe,
 * on any number of nodes.
 *
 * <p><b>Guarantees.</b> Tokens lie sealed in the database, bound to their account. A refresh token
 * is exchanged by one thread of one node at a time, and the new one is durable before its access
 * token is used. A token is given for a purpose, inside one call, to its owner or to a model that
 * acts for them, and each such use is in the audit log before the token is out. Nothing connects an
 * account by a password.
 *
 * <p><b>Not guaranteed.</b> When a node dies between the provider's answer and its commit, a
 * provider that forgives no reuse of a refresh token ends the grant; the account then says that it
 * needs to be connected again. That the provider forgot a token that was revoked while it was down.
 */
public final class ConnectedAccounts {

  private final VestaConfig config;
  private final AccountStore store;
  private final TokenVault vault;
  private final Map<String, Registration> registrations;
  private final CodeFlow flow;
  private final Discovery discovery;
  private final TokenEndpoint tokens;
  private final Refresher refresher;
  private final AuditTrail audit;

  /** Of the given parts; the module of vesta-identity makes it. */
  public ConnectedAccounts(
      VestaConfig config,
      AccountStore store,
      TokenVault vault,
      Map<String, Registration> registrations,
      CodeFlow flow,
      Discovery discovery,
      TokenEndpoint tokens,
      Refresher refresher,
      AuditTrail audit) {
    this.config = config;
    this.store = store;
    this.vault = vault;
    this.registrations = Map.copyOf(registrations);
    this.flow = flow;
    this.discovery = discovery;
    this.tokens = tokens;
    this.refresher = refresher;
    this.audit = audit;
  }

  /**
   * What a consent ended with.
   *
   * @param account the account, with what was granted and not what was asked for
   * @param returnTo where the browser goes
   */
  public record Consent(ConnectedAccount account, ReturnPath returnTo) {}

  /**
   * What became of a revocation.
   *
   * @param provider whether the provider said that it took the grant back; locally it is gone
   *     anyway
   */
  public record Revocation(boolean provider) {}

  /**
   * Asks the owner for consent to the least that a purpose needs.
   *
   * @param actor the person who connects their account
   * @param provider the provider's id
   * @return the address to send the browser to
   */
  public URI connect(
      Actor actor, String provider, Purpose purpose, BrowserBinding browser, ReturnPath returnTo) {
    return ask(
        actor.requirePerson("connecting an account"),
        registration(provider),
        purpose.scopes(),
        browser,
        returnTo);
  }

  /**
   * Asks for what another purpose needs besides what was granted.
   *
   * @return the address to send the browser to
   * @throws VestaException with {@link IdentityError#ACCOUNT_UNKNOWN} if it is not the actor's own
   */
  public URI extend(
      Actor actor, AccountId id, Purpose purpose, BrowserBinding browser, ReturnPath returnTo) {
    MemberId owner = actor.requirePerson("extending an account");
    StoredAccount account = config.database().read(work -> owned(work, actor, id));
    Set<String> scopes = new TreeSet<>(account.scopes());
    scopes.addAll(purpose.scopes());
    return ask(owner, registration(account.provider()), scopes, browser, returnTo);
  }

  private URI ask(
      MemberId owner,
      Registration at,
      Set<String> purpose,
      BrowserBinding browser,
      ReturnPath returnTo) {
    Set<String> scopes = new TreeSet<>(purpose);
    scopes.addAll(at.client().provider().consentScopes());
    return flow.begin(new CodeFlow.Begin(at, scopes, browser, returnTo, owner));
  }

  /**
   * Ends a consent. The same account at the provider, connected before by the same member, is
   * renewed.
   *
   * @param actor the person who began it
   * @param provider the provider whose redirect address was called
   * @throws VestaException with the reason to refuse it
   */
  public Consent complete(Actor actor, String provider, BrowserBinding browser, Callback callback) {
    MemberId owner = actor.requirePerson("connecting an account");
    Registration at = registration(provider);
    CodeFlow.End end = flow.complete(Pending.Kind.CONSENT, at, browser, callback);
    if (!owner.equals(end.pending().member())) {
      throw new VestaException(
          IdentityError.LOGIN_OTHER_BROWSER, "the consent was begun by another member; begin anew");
    }
    Set<String> asked = new TreeSet<>(end.pending().scopes());
    Set<String> granted = end.granted().scopes();
    if (granted != null) {
      // What was granted beyond what was asked is not used.
      asked.retainAll(granted);
    }
    asked.removeAll(at.client().provider().consentScopes());
    Instant now = config.clock().instant();
    StoredAccount account =
        config.database().write(work -> keep(work, actor, owner, at, end, asked, now));
    return new Consent(ConnectedAccount.of(account), new ReturnPath(end.pending().returnTo()));
  }

  private StoredAccount keep(
      UnitOfWork work,
      Actor actor,
      MemberId owner,
      Registration at,
      CodeFlow.End end,
      Set<String> scopes,
      Instant now) {
    Granted granted = end.granted();
    Instant fresh = Refresher.fresh(now, granted);
    String provider = at.client().provider().id();
    Optional<StoredAccount> before =
        store.ofMember(work, owner).stream()
            .filter(account -> account.state() != AccountState.REVOKED)
            .filter(account -> account.provider().equals(provider))
            .filter(account -> account.subject().equals(end.token().subject()))
            .findFirst();
    StoredAccount after;
    if (before.isPresent()) {
      StoredAccount old = before.get();
      Sealed sealed = vault.seal(old.id().ref(), old.serial() + 1, granted.tokens());
      after = old.reconnected(sealed, scopes, fresh);
      if (!store.replace(work, old, after)) {
        throw new VestaException(
            IdentityError.LOGIN_UNKNOWN, "the account changed meanwhile; connect it again");
      }
    } else {
      AccountId id = new AccountId(owner.brokerage(), config.newId());
      Sealed sealed = vault.seal(id.ref(), 1, granted.tokens());
      after =
          StoredAccount.connected(
              id, owner, provider, end.token().subject(), scopes, sealed, fresh, now);
      store.add(work, after);
    }
    record(work, actor, after, "connected", null);
    return after;
  }

  /**
   * Uses an account. The token is refreshed first if it must be; it lives only inside the call.
   *
   * @param actor the owner, or a model that acts for them
   * @param purpose what for; the owner must have consented to its scopes
   * @param use gets the token; what it throws passes through
   * @throws VestaException with {@link IdentityError#ACCOUNT_UNKNOWN} if it is not the actor's own
   */
  public <T> UseOutcome<T> use(
      Actor actor, AccountId id, Purpose purpose, Function<AccessToken, T> use) {
    long start = System.nanoTime();
    while (true) {
      Look look =
          config.database().read(work -> new Look(owned(work, actor, id), config.now(work)));
      StoredAccount seen = look.account;
      Instant now = look.at;
      UseOutcome<T> settled = settled(seen, purpose, now);
      if (settled != null) {
        return settled;
      }
      if (usable(seen, now)) {
        TokenVault.Tokens opened =
            config.database().write(work -> hand(work, actor, seen, purpose));
        if (opened != null) {
          try (AccessToken token = new AccessToken(opened.access())) {
            return new UseOutcome.Done<>(use.apply(token));
          }
        }
      } else if (Duration.ofNanos(System.nanoTime() - start).compareTo(refresher.patience()) > 0) {
        return new UseOutcome.ProviderDown<>(now.plusSeconds(1));
      } else {
        refresher.advance(seen, now);
      }
    }
  }

  private record Look(StoredAccount account, Instant at) {}

  private static <T> @Nullable UseOutcome<T> settled(
      StoredAccount seen, Purpose purpose, Instant now) {
    if (seen.state() == AccountState.REVOKED) {
      return new UseOutcome.Revoked<>();
    }
    if (seen.state() == AccountState.NEEDS_RECONNECT) {
      return new UseOutcome.NeedsReconnect<>();
    }
    if (!seen.scopes().containsAll(purpose.scopes())) {
      Set<String> missing = new TreeSet<>(purpose.scopes());
      missing.removeAll(seen.scopes());
      return new UseOutcome.NeedsConsent<>(missing);
    }
    Instant retry = seen.retryAt();
    return !usable(seen, now) && retry != null && now.isBefore(retry)
        ? new UseOutcome.ProviderDown<>(retry)
        : null;
  }

  private static boolean usable(StoredAccount seen, Instant now) {
    return seen.state() == AccountState.ACTIVE && now.isBefore(seen.freshUntil());
  }

  /** The tokens, if the account is still what was seen; the use is recorded first. */
  private TokenVault.@Nullable Tokens hand(
      UnitOfWork work, Actor actor, StoredAccount seen, Purpose purpose) {
    StoredAccount now = owned(work, actor, seen.id());
    if (now.version() != seen.version()) {
      return null;
    }
    TokenVault.Tokens opened = vault.open(now.id().ref(), now.tokens().orElseThrow());
    record(work, actor, now, "used", purpose);
    return opened;
  }

  /**
   * Takes an account back: nothing of it is used any more when this returns. Then the provider is
   * told, once.
   *
   * @param actor who takes it back, of the same brokerage; whether they may is the host's to decide
   */
  public Revocation revoke(Actor actor, AccountId id) {
    Optional<StoredAccount> before =
        config.database().write(work -> tombstone(work, actor, same(work, actor, id)));
    return new Revocation(before.map(this::tell).orElse(false));
  }

  /**
   * Takes all accounts of a member back as part of a unit of work, and consents that wait for their
   * callback; see {@link #tell} for the rest.
   *
   * @return what must be told to providers after the commit
   */
  public List<StoredAccount> revokeAll(UnitOfWork work, Actor actor, MemberId owner) {
    flow.forget(work, owner);
    List<StoredAccount> gone = new ArrayList<>();
    for (StoredAccount account : store.ofMember(work, owner)) {
      tombstone(work, actor, account).ifPresent(gone::add);
    }
    return gone;
  }

  private Optional<StoredAccount> tombstone(UnitOfWork work, Actor actor, StoredAccount account) {
    if (account.state() == AccountState.REVOKED) {
      return Optional.empty();
    }
    StoredAccount after = account.revoked();
    if (!store.replace(work, account, after)) {
      // It was refreshed at the same moment: take that back too.
      return tombstone(work, actor, same(work, actor, account.id()));
    }
    record(work, actor, after, "revoked", null);
    return Optional.of(account);
  }

  /** Tells a provider that a grant is over; whether it said yes. */
  public boolean tell(StoredAccount before) {
    Registration at = registrations.get(before.provider());
    Sealed sealed = before.sealed();
    if (at == null || sealed == null) {
      return false;
    }
    try {
      Secret refresh = vault.open(before.id().ref(), sealed).refresh();
      return refresh != null
          && tokens.revoke(at.client(), discovery.of(at.client().provider()), refresh);
    } catch (VestaException e) {
      // The grant is gone here whatever the provider can be told.
      return false;
    }
  }

  /** The actor's own accounts that are not revoked, oldest first. */
  public List<ConnectedAccount> list(Actor actor) {
    MemberId owner = actor.requirePerson("listing accounts");
    return config.database().read(work -> store.ofMember(work, owner)).stream()
        .filter(account -> account.state() != AccountState.REVOKED)
        .map(ConnectedAccount::of)
        .toList();
  }

  /**
   * Whether every mailbox and account of a brokerage is reached by OAuth (SASL XOAUTH2 for mail),
   * none by a user name and password. For posture checks; the table cannot hold anything else.
   */
  public boolean onlyOauth(BrokerageId brokerage) {
    return config.database().read(work -> store.notByOauth(work, brokerage)) == 0;
  }

  private StoredAccount owned(UnitOfWork work, Actor actor, AccountId id) {
    StoredAccount account = same(work, actor, id);
    if (!account.owner().equals(actor.memberOrNull())) {
      throw unknown();
    }
    return account;
  }

  private StoredAccount same(UnitOfWork work, Actor actor, AccountId id) {
    if (!id.brokerage().equals(actor.brokerage())) {
      throw unknown();
    }
    return store.find(work, id).orElseThrow(ConnectedAccounts::unknown);
  }

  private Registration registration(String provider) {
    Registration found = registrations.get(provider);
    if (found == null) {
      throw VestaException.invalid(
          "provider", "none that accounts can be connected at", "give it to IdentityModule");
    }
    return found;
  }

  private static VestaException unknown() {
    return new VestaException(
        IdentityError.ACCOUNT_UNKNOWN, "there is no such account of the actor's");
  }

  private void record(
      UnitOfWork work, Actor actor, StoredAccount account, String verb, @Nullable Purpose purpose) {
    AuditEvent.Builder event =
        AuditEvent.builder(
            new AuditAction("vesta.identity.account." + verb), actor, account.id().ref());
    if (purpose != null) {
      event.with("purpose", purpose.ref());
    }
    audit.append(work, event.with("owner", account.owner()).build());
  }
}
