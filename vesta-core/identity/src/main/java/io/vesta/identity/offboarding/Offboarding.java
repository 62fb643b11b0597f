package io.vesta.identity.offboarding;

import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.MemberId;
import io.vesta.identity.account.ConnectedAccounts;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.member.Sessions;
import io.vesta.identity.member.SubjectLinks;
import java.util.List;

/**
 * Takes a member's access: links, sessions, connected accounts and consents that wait for their
 * callback go in one transaction, then the providers are told. Thread-safe.
 */
public final class Offboarding {

  private final VestaConfig config;
  private final SubjectLinks links;
  private final Sessions sessions;
  private final ConnectedAccounts accounts;
  private final AuditTrail audit;

  /** Of the given parts; the module of vesta-identity makes it. */
  public Offboarding(
      VestaConfig config,
      SubjectLinks links,
      Sessions sessions,
      ConnectedAccounts accounts,
      AuditTrail audit) {
    this.config = config;
    this.links = links;
    this.sessions = sessions;
    this.accounts = accounts;
    this.audit = audit;
  }

  /**
   * What was taken.
   *
   * @param links logins that are nobody's now
   * @param sessions sessions that were ended
   * @param accounts connected accounts that were taken back
   * @param toldProviders how many of these their providers said to have taken back too
   */
  public record Taken(int links, int sessions, int accounts, int toldProviders) {}

  /**
   * Takes all access of a member; doing it twice does no harm.
   *
   * @param actor who decides it, of the same brokerage; whether they may is the host's to decide
   */
  public Taken deprovision(Actor actor, MemberId member) {
    if (!member.brokerage().equals(actor.brokerage())) {
      throw VestaException.invalid(
          "member", "of another brokerage than the actor's", "deprovision members of one's own");
    }
    record Gone(int links, int sessions, List<StoredAccount> accounts) {}
    Gone gone =
        config
            .database()
            .write(
                work -> {
                  Gone taken =
                      new Gone(
                          links.unlinkAll(work, member),
                          sessions.endAll(work, member),
                          accounts.revokeAll(work, actor, member));
                  audit.append(
                      work,
                      AuditEvent.builder(
                              new AuditAction("vesta.identity.member.deprovisioned"),
                              actor,
                              member.ref())
                          .with("sessions", taken.sessions())
                          .with("accounts", taken.accounts().size())
                          .build());
                  return taken;
                });
    int told = (int) gone.accounts().stream().filter(accounts::tell).count();
    return new Taken(gone.links(), gone.sessions(), gone.accounts().size(), told);
  }
}
