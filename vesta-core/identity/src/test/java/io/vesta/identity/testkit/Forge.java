package io.vesta.identity.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Function;

/** Makes tokens that no library would make. */
public final class Forge {

  /** Two keys, made once. */
  public static final RSAKey ONE = rsa("k1");

  public static final RSAKey TWO = rsa("k2");

  private Forge() {}

  private static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2_048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  public static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A compact JWS of exactly this header and payload. */
  public static String jws(String header, byte[] payload, Function<byte[], byte[]> signer) {
    String input = encode(header) + "." + encode(payload);
    return input + "." + encode(signer.apply(input.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Signs with RSA whatever the header says. */
  public static Function<byte[], byte[]> rsa(RSAKey key, String algorithm) {
    return bytes -> {
      try {
        return new RSASSASigner(key)
            .sign(new JWSHeader(JWSAlgorithm.parse(algorithm)), bytes)
            .decode();
      } catch (JOSEException e) {
        throw new AssertionError(e);
      }
    };
  }
}
