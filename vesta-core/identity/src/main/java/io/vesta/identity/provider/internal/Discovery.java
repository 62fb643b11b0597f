package io.vesta.identity.provider.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.vesta.core.error.VestaException;
import io.vesta.identity.IdentityError;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.wire.internal.Kept;
import io.vesta.identity.wire.internal.ProviderHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads providers' discovery documents (OpenID Connect Discovery 1.0), and keeps each for an hour;
 * one that cannot be renewed is used for a day. Thread-safe.
 */
public final class Discovery {

  private static final int LONGEST = 1 << 17;
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ProviderHttp http;
  private final Kept<Metadata> kept;

  /** Over the given wire, by the given clock. */
  public Discovery(ProviderHttp http, Clock clock) {
    this.http = http;
    this.kept = new Kept<>(clock, FRESH, PAUSE, http.deadline());
  }

  /**
   * What a provider says of itself.
   *
   * @throws VestaException with {@link IdentityError#PROVIDER_UNAVAILABLE}, {@link
   *     IdentityError#DISCOVERY_INVALID} or {@link IdentityError#PKCE_UNSUPPORTED}
   */
  public Metadata of(Provider provider) {
    return kept.get(provider.issuer(), known -> true, () -> fetch(provider))
        .orElseThrow(
            () ->
                new VestaException(
                    IdentityError.PROVIDER_UNAVAILABLE,
                    "the provider "
                        + provider.id()
                        + " does not describe itself; try again later"));
  }

  private Optional<Metadata> fetch(Provider provider) {
    // Section 4.1: a slash at the issuer's end is not doubled.
    String base = provider.issuer().replaceFirst("/$", "");
    return http.get(URI.create(base + "/.well-known/openid-configuration"), LONGEST)
                instanceof ProviderHttp.Answer.Replied replied
            && replied.status() == 200
        ? Optional.of(read(provider, replied))
        : Optional.empty();
  }

  private static Metadata read(Provider provider, ProviderHttp.Answer.Replied replied) {
    ObjectNode document =
        replied
            .object()
            .filter(any -> replied.json())
            .orElseThrow(() -> invalid(provider, "is not a strict JSON object"));
    OIDCProviderMetadata said;
    try {
      said = OIDCProviderMetadata.parse(document.toString());
    } catch (ParseException e) {
      throw invalid(provider, "lacks what OpenID Connect Discovery requires");
    }
    if (!said.getIssuer().getValue().equals(provider.issuer())) {
      throw invalid(provider, "is of another issuer");
    }
    List<CodeChallengeMethod> methods = said.getCodeChallengeMethods();
    boolean offered = methods != null && methods.contains(CodeChallengeMethod.S256);
    if (!offered && !(methods == null && provider.silentPkce())) {
      throw new VestaException(
          IdentityError.PKCE_UNSUPPORTED,
          "the provider " + provider.id() + " does not offer PKCE with S256; it cannot be used");
    }
    URI revocation = said.getRevocationEndpointURI();
    return new Metadata(
        safe(provider, "authorization endpoint", said.getAuthorizationEndpointURI()),
        safe(provider, "token endpoint", said.getTokenEndpointURI()),
        safe(provider, "JWKS address", said.getJWKSetURI()),
        revocation == null ? null : safe(provider, "revocation endpoint", revocation),
        said.supportsAuthorizationResponseIssuerParam());
  }

  private static URI safe(Provider provider, String field, @Nullable URI address) {
    if (address == null) {
      throw invalid(provider, "names no " + field);
    }
    try {
      return Provider.requireSafe(field, address.toString(), provider.loopback());
    } catch (VestaException e) {
      throw invalid(provider, "names a " + field + " that is not safe");
    }
  }

  private static VestaException invalid(Provider provider, String how) {
    return new VestaException(
        IdentityError.DISCOVERY_INVALID,
        "the discovery document of the provider " + provider.id() + " " + how);
  }
}
