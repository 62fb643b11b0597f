package io.vesta.identity.login;

import io.vesta.core.error.VestaException;
import io.vesta.identity.login.internal.Digests;

/**
 * What ties a login to the browser that began it: a value that only this browser has, such as the
 * host's session cookie. Only its digest is kept. Immutable.
 */
public final class BrowserBinding {

  private static final int LEAST = 16;

  private final String digest;

  private BrowserBinding(String digest) {
    this.digest = digest;
  }

  /**
   * A binding to a cookie's value.
   *
   * @param cookie at least 16 characters that nobody can guess
   */
  public static BrowserBinding of(String cookie) {
    if (cookie.length() < LEAST) {
      throw VestaException.invalid(
          "browser binding",
          "a text of " + cookie.length() + " characters",
          "use a random cookie of at least " + LEAST);
    }
    return new BrowserBinding(Digests.sha256("browser:" + cookie));
  }

  /** The digest that is stored; never null. */
  public String digest() {
    return digest;
  }

  @Override
  public String toString() {
    return "BrowserBinding[hidden]";
  }
}
