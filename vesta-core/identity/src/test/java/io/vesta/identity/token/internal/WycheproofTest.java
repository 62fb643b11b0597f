package io.vesta.identity.token.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every JOSE vector of C2SP/wycheproof, judged as {@code adjudication.json} does: its labels, but
 * for two that label equal bytes differently, and six where we are stricter on purpose.
 */
class WycheproofTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> SIGNATURES =
      Set.of(
          "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
          "ES384", "ES512");

  private static Path vectors() {
    String folder = System.getProperty("vesta.vectors", "");
    assumeFalse(folder.isEmpty(), "name the vectors' folder: -Dvesta.vectors=...");
    return Path.of(folder, "trust", "wycheproof");
  }

  private static ObjectNode keySet(JsonNode group) {
    JsonNode key = group.has("public") ? group.get("public") : group.get("private");
    if (key.has("keys")) {
      return (ObjectNode) key;
    }
    ObjectNode set = JSON.createObjectNode();
    set.putArray("keys").add(key);
    return set;
  }

  private static boolean accepted(JsonNode group, JsonNode test) {
    return test.has("jwe") ? decrypts(group, test) : verifies(group, test.get("jws"));
  }

  private static boolean verifies(JsonNode group, JsonNode jws) {
    try {
      Compact token = Compact.parse(jws.isTextual() ? jws.textValue() : jws.toString(), SIGNATURES);
      VerificationKeys.of(keySet(group)).verify(token);
      return true;
    } catch (VestaException refused) {
      return false;
    }
  }

  /**
   * The gate's part of an encrypted token, with the key's algorithm pinned as the vault pins its
   * own.
   */
  private static boolean decrypts(JsonNode group, JsonNode test) {
    JsonNode jwe = test.get("jwe");
    try {
      Compact.parts(jwe.isTextual() ? jwe.textValue() : jwe.toString(), 5);
      JWK key = JWK.parse(group.get("private").toString());
      JWEObject token = JWEObject.parse(jwe.textValue());
      if (token.getHeader().getAlgorithm() == null) {
        return false;
      }
      String header = token.getHeader().getAlgorithm().getName();
      String pinned = key.getAlgorithm().getName();
      if (!header.equals(pinned)
          && !(header.equals("dir")
              && token.getHeader().getEncryptionMethod().getName().equals(pinned))) {
        return false;
      }
      JWEDecrypter decrypter;
      if (key instanceof RSAKey rsa) {
        decrypter = new RSADecrypter(rsa);
      } else if (key instanceof ECKey ec) {
        decrypter = new ECDHDecrypter(ec);
      } else if (header.equals("dir")) {
        decrypter = new DirectDecrypter((OctetSequenceKey) key);
      } else {
        decrypter = new AESDecrypter((OctetSequenceKey) key);
      }
      token.decrypt(decrypter);
      return true;
    } catch (VestaException
        | java.text.ParseException
        | com.nimbusds.jose.JOSEException
        | IllegalArgumentException
        | IllegalStateException e) {
      return false;
    }
  }

  @Test
  void all_649_vectors_get_the_adjudicated_verdict() throws IOException {
    Path folder = vectors();
    JsonNode disputed =
        JSON.readTree(folder.resolve("adjudication.json").toFile()).get("vector_label_disputed");
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (String file : List.of("signature", "encryption", "key", "crypto")) {
      JsonNode root = JSON.readTree(folder.resolve("json_web_" + file + "_test.json").toFile());
      for (JsonNode group : root.get("testGroups")) {
        for (JsonNode test : group.get("tests")) {
          seen++;
          String id = test.get("tcId").asText();
          boolean valid = test.get("result").asText().equals("valid");
          // What is byte-identical to a valid vector is valid; what we are stricter about is not.
          boolean expected = valid != (file.equals("signature") && disputed.has(id));
          if (accepted(group, test) != expected) {
            wrong.add(file + " " + id + " " + test.get("comment").asText() + " not " + expected);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(649, seen);
  }

  @Test
  void the_seventeen_that_bare_nimbus_accepts_are_refused() throws IOException {
    Path folder = vectors();
    JsonNode adjudication = JSON.readTree(folder.resolve("adjudication.json").toFile());
    JsonNode policy = adjudication.get("key_policy_must_reject_though_nimbus_accepts");
    Map<String, List<JsonNode>> refused =
        Map.of(
            "signature",
            List.of(
                adjudication.get("strict_gate_must_reject_though_nimbus_accepts"),
                policy.get("jws")),
            "key",
            List.of(policy.get("jwk")),
            "crypto",
            List.of(policy.get("crypto")));
    int count = 0;
    for (var entry : refused.entrySet()) {
      JsonNode root =
          JSON.readTree(folder.resolve("json_web_" + entry.getKey() + "_test.json").toFile());
      for (JsonNode group : root.get("testGroups")) {
        for (JsonNode test : group.get("tests")) {
          for (JsonNode ids : entry.getValue()) {
            for (JsonNode id : ids) {
              if (id.equals(test.get("tcId"))) {
                assertEquals(false, accepted(group, test), entry.getKey() + " " + id);
                count++;
              }
            }
          }
        }
      }
    }
    assertEquals(17, count);
  }
}
