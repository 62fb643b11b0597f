package io.vesta.llm.route;

import io.vesta.core.error.VestaException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address that a route posts to. In production it is {@code https}, port 443 and a public DNS
 * name in plain lower-case ASCII; every other spelling that some parser might read as another host
 * is refused, not normalised (WHATWG URL and RFC 3986 differ on them). Immutable.
 */
public final class Endpoint {

  private static final Pattern FORM =
      Pattern.compile("(https?)://([a-z0-9.-]{1,253})(?::([0-9]{1,5}))?(/[A-Za-z0-9._~/-]{0,200})");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern TOP = Pattern.compile("[a-z]{2,63}");

  /** RFC 6761, RFC 6762, RFC 8375, RFC 9476 and what companies use inside. */
  private static final Set<String> NEVER_PUBLIC =
      Set.of(
          "localhost",
          "local",
          "internal",
          "intranet",
          "private",
          "corp",
          "home",
          "lan",
          "arpa",
          "test",
          "invalid",
          "example",
          "onion",
          "alt",
          "localdomain");

  /** Programs that serve models on the machine that they run on. */
  private static final Set<String> LOCAL_MODELS =
      Set.of("ollama", "lmstudio", "localai", "llamafile", "llamacpp", "koboldcpp");

  private static final int HTTPS = 443;
  private static final int OLLAMA = 11434;

  private final boolean tls;
  private final String host;
  private final int port;
  private final String path;

  private Endpoint(boolean tls, String host, int port, String path) {
    this.tls = tls;
    this.host = host;
    this.port = port;
    this.path = path;
  }

  /**
   * Reads an address.
   *
   * @param text the whole address, without query and fragment
   * @param environment what is allowed
   * @throws VestaException that names what is wrong, never the text
   */
  public static Endpoint parse(String text, Environment environment) {
    Matcher matcher = FORM.matcher(Objects.requireNonNull(text, "text"));
    if (!matcher.matches() || matcher.group(4).contains("..") || matcher.group(4).contains("//")) {
      throw refused(
          "a text of " + text.length() + " characters in another form",
          "write https://host/path in lower-case ASCII, without user, query or fragment");
    }
    boolean tls = matcher.group(1).equals("https");
    int port = matcher.group(3) == null ? (tls ? HTTPS : 80) : Integer.parseInt(matcher.group(3));
    if (port < 1 || port > 65_535) {
      throw refused("with a port out of range", "use 1 to 65535");
    }
    String host = matcher.group(2);
    if (environment == Environment.PRODUCTION) {
      requirePublic(tls, host, port);
    }
    return new Endpoint(tls, host, port, matcher.group(4));
  }

  private static void requirePublic(boolean tls, String host, int port) {
    if (port == OLLAMA) {
      throw refused("on Ollama's port", "production uses a cloud provider");
    } else if (!tls || port != HTTPS) {
      throw refused("not HTTPS on port 443", "production uses https without a port");
    }
    requirePublic(host);
  }

  /**
   * Checks that a name could be a public host's.
   *
   * @throws VestaException if it is an address, has one label, or ends in what never is public
   */
  static void requirePublic(String host) {
    String[] labels = host.split("\\.", -1);
    String top = labels[labels.length - 1];
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        throw refused("with a host that is no DNS name", "write its name without a dot at the end");
      } else if (label.startsWith("xn--")) {
        throw refused("with an internationalised host", "its look-alikes cannot be told apart");
      } else if (LOCAL_MODELS.contains(label)) {
        throw refused("with the host of a local model", "production uses a cloud provider");
      }
    }
    if (labels.length < 2 || !TOP.matcher(top).matches() || NEVER_PUBLIC.contains(top)) {
      throw refused("with a host that is not public", "write a public DNS name, no address");
    }
  }

  private static VestaException refused(String shape, String mend) {
    return VestaException.invalid("endpoint", shape, mend);
  }

  /** Whether it is HTTPS. */
  public boolean tls() {
    return tls;
  }

  /** The host in lower case; never null. */
  public String host() {
    return host;
  }

  /** The port, 1 to 65535. */
  public int port() {
    return port;
  }

  /** The path, beginning with a slash; never null. */
  public String path() {
    return path;
  }

  /** The address as it was written, with its port. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s://%s:%d%s", tls ? "https" : "http", host, port, path);
  }
}
