package io.vesta.identity.provider;

import io.vesta.core.error.VestaException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An identity provider as data: who it is, by which algorithms it signs, and where it departs from
 * the standards. Immutable.
 */
public final class Provider {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern TENANT =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Set<String> SIGNATURES =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  private final String id;
  private final String issuer;
  private final Set<String> algorithms;
  private final boolean silentPkce;
  private final Set<String> consentScopes;
  private final Map<String, String> consentParameters;
  private final boolean loopback;

  private Provider(Builder b) {
    id = b.id;
    issuer = b.issuer;
    algorithms = b.algorithms.isEmpty() ? Set.of("RS256") : Set.copyOf(b.algorithms);
    silentPkce = b.silentPkce;
    consentScopes = Set.copyOf(b.consentScopes);
    consentParameters = Map.copyOf(b.consentParameters);
    loopback = b.loopback;
    requireSafe("issuer", issuer, loopback);
  }

  /**
   * Google: adds to scopes that were granted before, and gives a refresh token only to who asks for
   * offline access; refreshing keeps it.
   */
  public static Provider google() {
    return oidc("google", "https://accounts.google.com")
        .consentParameter("access_type", "offline")
        .consentParameter("include_granted_scopes", "true")
        .consentParameter("prompt", "consent")
        .build();
  }

  /**
   * Microsoft Entra ID of one tenant: offers S256 without saying so in its metadata, and gives a
   * refresh token only to who asks for the scope {@code offline_access}; refreshing replaces it and
   * leaves the old one alive.
   *
   * @param tenant the tenant's id, a UUID; "common" would accept every tenant's users
   */
  public static Provider microsoft(String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw VestaException.invalid(
          "Microsoft tenant", "not a lower-case UUID", "give the tenant's id, not its name");
    }
    Builder builder =
        oidc("microsoft", "https://login.microsoftonline.com/" + tenant + "/v2.0")
            .consentScope("offline_access");
    builder.silentPkce = true;
    return builder.build();
  }

  /**
   * Starts any other provider of OpenID Connect with discovery.
   *
   * @param id how the host calls it: a lower-case letter, then at most 31 of a-z 0-9 -
   * @param issuer its issuer identifier, exactly as it writes it itself
   */
  public static Builder oidc(String id, String issuer) {
    return new Builder(id, issuer);
  }

  /** How the host calls it; never null. */
  public String id() {
    return id;
  }

  /** Its issuer identifier, compared character by character; never null. */
  public String issuer() {
    return issuer;
  }

  /** The algorithms that it may sign with, all asymmetric; never empty. */
  public Set<String> algorithms() {
    return algorithms;
  }

  /** Whether it offers S256 though its metadata does not say so. */
  public boolean silentPkce() {
    return silentPkce;
  }

  /** The scopes that every consent asks for and that are no use by themselves; openid is one. */
  public Set<String> consentScopes() {
    return consentScopes;
  }

  /** What else an authorization request for lasting access must say; never null. */
  public Map<String, String> consentParameters() {
    return consentParameters;
  }

  /** Whether it is one on this machine, without TLS, for tests. */
  public boolean loopback() {
    return loopback;
  }

  /**
   * An address of this provider that is safe to send secrets to: https without user info or
   * fragment; plain http for a loopback provider's loopback address alone.
   *
   * @throws VestaException if it is not
   */
  public static URI requireSafe(String field, String address, boolean loopback) {
    try {
      URI uri = new URI(address);
      String host = uri.getHost();
      boolean local = "127.0.0.1".equals(host) || "localhost".equals(host) || "[::1]".equals(host);
      boolean scheme =
          "https".equals(uri.getScheme()) || (loopback && local && "http".equals(uri.getScheme()));
      if (scheme
          && host != null
          && host.equals(host.toLowerCase(Locale.ROOT))
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, without the address.
    }
    throw VestaException.invalid(
        field, "not a safe address", "use https, a lower-case host, no user info and no fragment");
  }

  /** Id and issuer. */
  @Override
  public String toString() {
    return "Provider[" + id + " " + issuer + "]";
  }

  /** Collects a provider; not thread-safe. */
  public static final class Builder {

    private final String id;
    private final String issuer;
    private final Set<String> algorithms = new TreeSet<>();
    private final Set<String> consentScopes = new TreeSet<>(Set.of("openid"));
    private final Map<String, String> consentParameters = new LinkedHashMap<>();
    private boolean silentPkce;
    private boolean loopback;

    private Builder(String id, String issuer) {
      if (!ID.matcher(id).matches()) {
        throw VestaException.invalid(
            "provider id",
            "a text of " + id.length() + " characters outside the allowed form",
            "use a lower-case letter, then at most 31 of a-z 0-9 -");
      }
      this.id = id;
      this.issuer = Objects.requireNonNull(issuer, "issuer");
    }

    /** An algorithm that it signs with; RS256 alone if none is given. */
    public Builder algorithm(String value) {
      if (!SIGNATURES.contains(value)) {
        throw VestaException.invalid(
            "algorithm",
            "none that a provider may sign with",
            "use one of " + new TreeSet<>(SIGNATURES));
      }
      algorithms.add(value);
      return this;
    }

    /**
     * A scope without which the provider gives no refresh token, usually {@code offline_access}
     * (OpenID Connect Core 1.0 section 11).
     */
    public Builder consentScope(String scope) {
      consentScopes.add(Objects.requireNonNull(scope, "scope"));
      return this;
    }

    /** What an authorization request for lasting access must say besides the standard. */
    public Builder consentParameter(String name, String value) {
      consentParameters.put(
          Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /** A provider on a loopback address of this machine, for tests: plain http is allowed. */
    public Builder loopback() {
      loopback = true;
      return this;
    }

    /**
     * The provider.
     *
     * @throws VestaException if the issuer is not a safe address
     */
    public Provider build() {
      return new Provider(this);
    }
  }
}
