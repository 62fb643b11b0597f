package io.vesta.identity.login;

import io.vesta.core.error.VestaException;
import io.vesta.identity.client.Registration;
import io.vesta.identity.login.internal.CodeFlow;
import io.vesta.identity.login.internal.Pending;
import io.vesta.identity.token.VerifiedToken;
import java.net.URI;
import java.util.Set;

/**
 * Login at one provider (OpenID Connect Core 1.0 section 3.1). Thread-safe; the two halves of a
 * login may run on two nodes.
 *
 * <p><b>Guarantees.</b> A login ends once, in the browser that began it, at the provider that was
 * asked, with a code that only we can exchange, and names the person by a signed token that was
 * made for it. No password is ever seen: there is no grant, field or parameter for one.
 *
 * <p><b>Not guaranteed.</b> That the provider's own page asks for what it should.
 */
public final class LoginProvider {

  private static final Set<String> SCOPES = Set.of("openid", "email");

  private final Registration at;
  private final CodeFlow flow;

  /**
   * @param at at which provider, and the host's address for its callbacks
   * @param flow how it is done
   */
  public LoginProvider(Registration at, CodeFlow flow) {
    this.at = at;
    this.flow = flow;
  }

  /**
   * Who logged in.
   *
   * @param token what the provider says of the person
   * @param returnTo where the browser goes
   */
  public record Login(VerifiedToken token, ReturnPath returnTo) {}

  /** The id of the provider; never null. */
  public String id() {
    return at.client().provider().id();
  }

  /**
   * Begins a login.
   *
   * @return the address to send the browser to
   * @throws VestaException if the provider is not available or cannot be used safely
   */
  public URI begin(BrowserBinding browser, ReturnPath returnTo) {
    return flow.begin(new CodeFlow.Begin(at, SCOPES, browser, returnTo, null));
  }

  /**
   * Ends a login.
   *
   * @throws VestaException with the reason to refuse it
   */
  public Login complete(BrowserBinding browser, Callback callback) {
    CodeFlow.End end = flow.complete(Pending.Kind.LOGIN, at, browser, callback);
    return new Login(end.token(), new ReturnPath(end.pending().returnTo()));
  }
}
