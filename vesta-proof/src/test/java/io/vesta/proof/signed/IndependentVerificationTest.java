package io.vesta.proof.signed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.publish.World;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package is verified by tools that share no line with ours. */
class IndependentVerificationTest {

  /** Verifies with the npm package jose and writes canonical JSON as RFC 8785 defines it. */
  private static final String SCRIPT =
      """
      import { compactVerify, createLocalJWKSet } from 'jose'
      import { readFileSync, readdirSync } from 'node:fs'
      import { createHash } from 'node:crypto'
      const keys = createLocalJWKSet(JSON.parse(readFileSync('keys.json', 'utf8')))
      const jws = readFileSync('proof.jws', 'utf8')
      const { payload, protectedHeader } = await compactVerify(jws, keys, { algorithms: ['ES256'] })
      const canonical = (value) =>
        Array.isArray(value) ? '[' + value.map(canonical).join(',') + ']'
        : value && typeof value === 'object'
          ? '{' + Object.keys(value).sort()
              .map((k) => JSON.stringify(k) + ':' + canonical(value[k])).join(',') + '}'
          : JSON.stringify(value)
      const text = new TextDecoder().decode(payload)
      const manifest = JSON.parse(text)
      if (canonical(manifest) !== text) throw new Error('not canonical')
      if (protectedHeader.typ !== 'vesta-proof+json') throw new Error('another type')
      for (const name of readdirSync('files')) {
        const digest = createHash('sha256').update(readFileSync('files/' + name)).digest('hex')
        if (manifest.files[name] !== digest) throw new Error('changed ' + name)
      }
      console.log('verified ' + manifest.claim + ' ' + manifest.number)
      """;

  @TempDir private Path directory;

  private World world;
  private byte[] jws;

  @BeforeEach
  void release() throws IOException {
    world = new World(Engine.SQLITE, directory);
    Publication publication =
        world.publish(
            World.BROKER,
            "production",
            Tables.protect(new int[][] {{9, 8}, {7, 12}}, Tables.THREE),
            Canaries.of(List.of()));
    jws = publication.signature().orElseThrow();
    Files.write(directory.resolve("proof.jws"), jws);
    Files.writeString(directory.resolve("keys.json"), world.key.publicKeys());
    Path files = Files.createDirectory(directory.resolve("files"));
    for (var file : publication.files().entrySet()) {
      Files.write(files.resolve(file.getKey()), file.getValue());
    }
  }

  /** Runs a tool in the directory; gives what it printed, then its exit code. */
  private List<String> run(String... command) throws Exception {
    Path out = directory.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return List.of(Files.readString(out).strip(), "" + process.waitFor());
  }

  private static boolean there(String tool) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  @Test
  void the_npm_package_jose_verifies_signature_canonical_form_and_files() throws Exception {
    String modules = System.getProperty("vesta.jose", "");
    assumeTrue(
        !modules.isEmpty() && there("node"),
        "needs node and -Dvesta.jose=<node_modules folder with jose>");
    Files.createSymbolicLink(directory.resolve("node_modules"), Path.of(modules));
    Files.writeString(directory.resolve("verify.mjs"), SCRIPT);
    assertEquals(List.of("verified production 1", "0"), run("node", "verify.mjs"));
    Files.writeString(directory.resolve("files/cells.csv"), "other");
    assertEquals("1", run("node", "verify.mjs").get(1));
    Files.writeString(directory.resolve("keys.json"), ProofKey.generate("firm-2026").publicKeys());
    assertEquals("1", run("node", "verify.mjs").get(1));
  }

  @Test
  void openssl_verifies_the_signing_input() throws Exception {
    assumeTrue(there("openssl"), "needs openssl");
    String text = new String(jws, StandardCharsets.US_ASCII);
    int dot = text.lastIndexOf('.');
    Files.writeString(directory.resolve("input"), text.substring(0, dot));
    Files.write(
        directory.resolve("signature"),
        der(Base64.getUrlDecoder().decode(text.substring(dot + 1))));
    Files.writeString(directory.resolve("key.pem"), pem(world.key.publicKeys()));
    String[] verify = {
      "openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "input"
    };
    assertEquals(List.of("Verified OK", "0"), run(verify));
    Files.writeString(directory.resolve("input"), text.substring(0, dot - 1));
    assertNotEquals("0", run(verify).get(1));
  }

  /** The two halves of a JWS signature as the sequence of two integers that openssl reads. */
  private static byte[] der(byte[] raw) {
    byte[] r = new BigInteger(1, Arrays.copyOfRange(raw, 0, 32)).toByteArray();
    byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)).toByteArray();
    byte[] der = new byte[6 + r.length + s.length];
    der[0] = 0x30;
    der[1] = (byte) (4 + r.length + s.length);
    der[2] = 2;
    der[3] = (byte) r.length;
    System.arraycopy(r, 0, der, 4, r.length);
    der[4 + r.length] = 2;
    der[5 + r.length] = (byte) s.length;
    System.arraycopy(s, 0, der, 6 + r.length, s.length);
    return der;
  }

  private static String pem(String jwks) throws Exception {
    JsonNode key = new ObjectMapper().readTree(jwks).at("/keys/0");
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
    byte[] encoded =
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)))
            .getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(encoded)
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static BigInteger number(JsonNode key, String member) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asText()));
  }
}
