package io.vesta.identity.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.identity.IdentityError;
import io.vesta.identity.token.internal.Compact;
import io.vesta.identity.token.internal.KeyCache;
import io.vesta.identity.wire.internal.StrictJson;
import java.net.URI;

/** The steps between the gate and the claims, in the only safe order. */
final class Signed {

  private Signed() {}

  /** The claims of a token, none of which is read before its signature was checked. */
  static ObjectNode claims(Compact token, Expected expected, KeyCache keys, URI jwks) {
    if (!expected.kind().accepts(token.type())) {
      throw Compact.refused(IdentityError.TOKEN_TYPE, "type is not of the kind asked for");
    }
    keys.keys(jwks, token.keyId()).verify(token);
    return StrictJson.object(token.payload())
        .orElseThrow(
            () -> Compact.refused(IdentityError.TOKEN_JSON, "payload is not a strict object"));
  }
}
