package io.vesta.identity.login;

import java.util.regex.Pattern;

/**
 * Where a browser goes after a login: a path of the host's own. Whatever could lead elsewhere
 * becomes {@code /}, so that no login can be made into a redirect to another site.
 *
 * @param path begins with exactly one slash
 */
public record ReturnPath(String path) {

  private static final Pattern LOCAL =
      Pattern.compile("/(?:[A-Za-z0-9._~-][A-Za-z0-9._~/-]*)?(?:\\?[A-Za-z0-9._~&=-]*)?");
  private static final int LONGEST = 512;

  /** Keeps what is local and at most 512 plain characters. */
  public ReturnPath {
    if (path.length() > LONGEST || !LOCAL.matcher(path).matches() || path.contains("//")) {
      path = "/";
    }
  }
}
