package io.vesta.audit.verify;

import static io.vesta.audit.testkit.TestLog.ACME;
import static io.vesta.audit.testkit.TestLog.BROKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.testkit.TestLog;
import io.vesta.testkit.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierMainTest {

  private static final String KEY = TestLog.vkey(ACME).toString();

  @TempDir Path directory;
  private Path export;
  private Path proof;

  @BeforeEach
  void export() throws IOException {
    TestLog log = TestLog.over(Engine.SQLITE.fresh(directory));
    log.append(0, 300);
    log.sequencer().sequence();
    export = directory.resolve("export");
    log.export().write(ACME, export);
    proof = directory.resolve("entry.tlog-proof");
    Files.writeString(proof, log.query().prove(BROKER, 257).orElseThrow().toString());
  }

  private static String says(boolean verified, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printer = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> texts = List.of(arguments).stream().map(Object::toString).toList();
    assertEquals(verified, VerifierMain.run(texts, printer), () -> out.toString());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_good_export_is_verified_and_the_limits_are_told() {
    String text = says(true, export, KEY);
    assertTrue(text.startsWith("VERIFIED\norigin audit.example.com/test/acme\nsize   300\n"), text);
    assertTrue(text.contains("300 entries were read, hashed and compared."), text);
    assertTrue(text.contains("Not known from here: whether a longer or another log"), text);
  }

  @Test
  void the_first_bad_entry_is_said() throws IOException {
    Path bundle = export.resolve("tile/entries/001.p/44");
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[bytes.length - 9] ^= 1;
    Files.write(bundle, bytes);
    String text = says(false, export, KEY);
    assertTrue(text.startsWith("NOT VERIFIED\n"), text);
    assertTrue(text.contains("The first bad entry is 299."), text);
  }

  @Test
  void a_good_proof_is_verified_and_its_entry_shown() {
    String text = says(true, proof, KEY);
    assertTrue(text.contains("\nentry  257\n{\"v\":1,"), text);
    assertTrue(text.contains("the other entries of the log"), text);
  }

  @Test
  void a_bent_proof_is_not_verified() throws IOException {
    String good = Files.readString(proof);
    for (String bad :
        List.of(
            good.replace("index 257", "index 258"),
            good.replace("index 257", "index 0257"),
            good.replace("\n300\n", "\n301\n"),
            good.replaceFirst("extra e", "extra f"),
            good.replaceFirst("extra [^\n]*\n", ""),
            good.replace("\n", "\r\n"),
            good.substring(0, good.length() - 1),
            "")) {
      Files.writeString(proof, bad);
      assertTrue(says(false, proof, KEY).startsWith("NOT VERIFIED"));
    }
  }

  @Test
  void wrong_arguments_are_told_and_never_verify() {
    String witness = KEY.substring(0, KEY.indexOf('+'));
    assertTrue(says(false).startsWith("usage: "));
    assertTrue(says(false, export).startsWith("usage: "));
    assertTrue(says(false, export, "no key").contains("<name>+<id>+<base64>"));
    assertTrue(says(false, directory.resolve("none"), KEY).contains("is missing"));
    assertTrue(says(false, export, KEY, KEY).contains("a WITNESS's is needed"), witness);
    String stranger = TestLog.signer(2).vkey("audit.example.com/test/acme").toString();
    assertTrue(says(false, export, stranger).contains("no trusted key signed it"));
  }
}
