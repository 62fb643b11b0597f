package io.vesta.audit.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.note.Vkey;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Ed25519SignerTest {

  @TempDir Path directory;

  // RFC 8032 section 7.1, test 2.
  private static final String SEED =
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
  private static final String PUBLIC =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
  private static final String SIGNATURE_OF_72 =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

  private static Secret base64(String hex) {
    return Secret.of(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
  }

  @Test
  void seed_and_pkcs8_give_the_key_of_the_rfc() {
    for (String form : List.of(SEED, "302e020100300506032b657004220420" + SEED)) {
      Ed25519Signer signer = Ed25519Signer.of(base64(form));
      assertArrayEquals(HexFormat.of().parseHex(SIGNATURE_OF_72), signer.sign(new byte[] {0x72}));
      assertEquals(
          Vkey.of("log", Vkey.Kind.LOG, HexFormat.of().parseHex(PUBLIC)), signer.vkey("log"));
    }
  }

  @Test
  void nothing_of_the_key_is_shown() {
    Ed25519Signer signer = Ed25519Signer.of(base64(SEED));
    assertEquals("Ed25519Signer[hidden]", signer.toString());
    assertFalse(signer.vkey("log").toString().contains(SEED.substring(0, 8)));
  }

  @Test
  void a_key_file_that_only_its_owner_can_touch_is_read() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"), rights("rwx------"));
    Path file = Files.createFile(home.resolve("key"), rights("rw-------"));
    String pkcs8 =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(HexFormat.of().parseHex("302e020100300506032b657004220420" + SEED));
    for (String content :
        List.of(
            "-----BEGIN PRIVATE KEY-----\n" + pkcs8 + "\n-----END PRIVATE KEY-----\n",
            Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SEED)) + "\n")) {
      Files.writeString(file, content);
      assertEquals(
          Ed25519Signer.of(base64(SEED)).vkey("log"), Ed25519Signer.ofFile(file).vkey("log"));
    }
  }

  @Test
  void a_key_file_that_others_can_touch_is_refused() throws IOException {
    Path home = Files.createDirectory(directory.resolve("home"), rights("rwx------"));
    Path file = Files.createFile(home.resolve("key"), rights("rw-------"));
    String content = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SEED));
    Files.writeString(file, content);
    for (String open : List.of("rw-r-----", "rw-----w-", "rw--w----", "rw----r--", "rwx------")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
      refused(file, "open to others", content);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwx---"));
    refused(file, "directory that others may write", content);
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    refused(Files.createSymbolicLink(home.resolve("link"), file), "no regular file", content);
    refused(home.resolve("none"), "missing", content);
    Files.writeString(file, "\n");
    refused(file, "empty", content);
    Files.writeString(
        file, Base64.getEncoder().encodeToString(HexFormat.of().parseHex(SEED + SEED)));
    refused(file, "no Ed25519 private key", content);
  }

  private static void refused(Path file, String why, String content) {
    VestaException refused =
        assertThrows(VestaException.class, () -> Ed25519Signer.ofFile(file), why);
    assertEquals("VESTA-AUDIT-006", refused.code().code());
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
    assertFalse(refused.getMessage().contains(content));
  }

  private static FileAttribute<?> rights(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  @Test
  void what_is_no_key_is_refused_without_being_quoted() {
    for (String bad : List.of("00", SEED + "00", "302e0201003005", "ff".repeat(48))) {
      VestaException refused =
          assertThrows(VestaException.class, () -> Ed25519Signer.of(base64(bad)));
      assertEquals("VESTA-AUDIT-006", refused.code().code());
      assertNull(refused.getCause());
    }
    assertThrows(VestaException.class, () -> Ed25519Signer.of(Secret.of("not base64!")));
  }
}
