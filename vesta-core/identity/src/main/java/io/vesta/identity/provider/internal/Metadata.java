package io.vesta.identity.provider.internal;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider is asked what, as it said itself, checked.
 *
 * @param authorization where browsers are sent
 * @param token where codes and refresh tokens are exchanged
 * @param jwks where its keys are
 * @param revocation where tokens are taken back; null if nowhere
 * @param namesItself whether every callback says which provider it is from (RFC 9207)
 */
public record Metadata(
    URI authorization, URI token, URI jwks, @Nullable URI revocation, boolean namesItself) {}
