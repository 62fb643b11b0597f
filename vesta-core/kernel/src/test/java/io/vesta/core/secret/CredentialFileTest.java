package io.vesta.core.secret;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attack 60: files that hold a credential and that others can reach. */
class CredentialFileTest {

  private static final String VALUE = "s3cret-value-7";

  /** Not below /tmp, nor in a clone there: what everybody may write above is refused. */
  private Path home;

  private Path served;
  private Path file;

  @BeforeEach
  void lay() throws IOException {
    Path place = null;
    for (String one : List.of("target", System.getProperty("user.home"))) {
      Path real = Path.of(one).toRealPath();
      place = place == null && isOurs(real) ? real : place;
    }
    assumeTrue(place != null, "everybody may write above the build and above home");
    home = Files.createTempDirectory(place, "credentials-");
    served = Files.createDirectory(home.resolve("public"));
    file = home.resolve("key");
    Files.writeString(file, VALUE + "\r\n");
    mode(file, "rw-------");
  }

  @AfterEach
  void clear() throws IOException {
    if (home == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path one : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(one);
      }
    }
  }

  private static boolean isOurs(Path folder) throws IOException {
    for (Path above = folder; above != null; above = above.getParent()) {
      String may = PosixFilePermissions.toString(Files.getPosixFilePermissions(above));
      if (may.charAt(4) == 'w' || may.charAt(7) == 'w') {
        return false;
      }
    }
    return true;
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private CredentialFile credential() {
    return new CredentialFile(file, List.of(served));
  }

  private void refused(CredentialFile credential, String why) throws IOException {
    assertTrue(credential.faults().toString().contains(why), credential.faults()::toString);
    VestaException refused = assertThrows(VestaException.class, credential::read);
    assertEquals(CoreError.SECRET_UNAVAILABLE, refused.code());
    assertFalse(String.valueOf(refused.getMessage()).contains(VALUE));
  }

  @Test
  void a_file_that_keeps_the_rules_is_read_without_its_last_line_break() throws IOException {
    assertEquals(List.of(), credential().faults());
    assertEquals(Optional.of(Secret.of(VALUE)), credential().read());
    mode(file, "r--------");
    assertEquals(Optional.of(Secret.of(VALUE)), credential().read());
  }

  @Test
  void a_file_that_is_not_there_is_no_secret_and_a_folder_is_none_either() throws IOException {
    assertEquals(Optional.empty(), new CredentialFile(home.resolve("x"), List.of()).read());
    refused(new CredentialFile(served, List.of()), "no regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw-rw-rw-", "rw--w----", "rwx------"})
  void nobody_else_may_touch_it(String mode) throws IOException {
    mode(file, mode);
    refused(credential(), "chmod 600");
  }

  @Test
  void a_folder_above_it_that_others_may_write_is_refused_though_it_were_sticky()
      throws IOException {
    mode(home, "rwxrwx---");
    refused(credential(), "chmod go-w");
    Path shared = Files.createTempFile("credential", "");
    try {
      refused(new CredentialFile(shared, List.of()), "which others may write");
    } finally {
      Files.delete(shared);
    }
    mode(home, "rwx------");
  }

  @Test
  void neither_links_nor_second_names_lead_to_it() throws IOException {
    Path link = Files.createSymbolicLink(home.resolve("link"), file);
    refused(new CredentialFile(link, List.of()), "symbolic link");
    Path folder = Files.createSymbolicLink(home.resolve("folder"), home);
    refused(new CredentialFile(folder.resolve("key"), List.of()), "symbolic link");
    Path again = Files.createLink(home.resolve("again"), file);
    refused(credential(), "another name");
    Files.delete(again);
    assertEquals(List.of(), credential().faults());
  }

  @Test
  void it_lies_outside_what_is_served_and_nothing_served_leads_to_it() throws IOException {
    refused(new CredentialFile(file, List.of(home)), "in the document root");
    refused(new CredentialFile(file, List.of(Path.of("/"))), "in the document root");
    Path link = Files.createSymbolicLink(served.resolve("favicon.ico"), file);
    refused(credential(), "by the link");
    Files.delete(link);
    Path folder = Files.createSymbolicLink(served.resolve("images"), home);
    refused(credential(), "by the link");
    Files.delete(folder);
    Path aside = Files.createDirectory(home.resolve("aside"));
    Files.createSymbolicLink(served.resolve("aside"), aside);
    Files.createSymbolicLink(aside.resolve("back"), served);
    assertEquals(List.of(), credential().faults(), "links in a circle end");
    Path last = Files.createSymbolicLink(aside.resolve("key"), file);
    refused(credential(), "by the link");
    Files.delete(last);
    Files.createSymbolicLink(served.resolve("broken"), home.resolve("nothing"));
    assertEquals(List.of(), credential().faults());
    CredentialFile unknown = new CredentialFile(file, List.of(home.resolve("no-such-root")));
    assertThrows(IOException.class, unknown::faults);
    assertThrows(VestaException.class, unknown::read, "what cannot be looked at is not used");
  }

  @Test
  void a_file_larger_than_a_credential_is_refused() throws IOException {
    Files.write(file, new byte[70_000]);
    assertThrows(VestaException.class, () -> credential().read());
  }

  @Test
  void files_of_a_directory_are_secrets_by_their_names() {
    SecretSource source = SecretSource.files(home, List.of(served));
    assertEquals(Optional.of(Secret.of(VALUE)), source.find("key"));
    assertEquals(Optional.empty(), source.find("other"));
    for (String name : List.of("../key", "a/b", "", ".", "..", ".hidden", "a\0b")) {
      assertThrows(VestaException.class, () -> source.find(name));
    }
  }

  @Test
  void variables_are_secrets_by_their_names() {
    SecretSource source =
        SecretSource.environment("VESTA_", Map.of("VESTA_OPENAI_PROD", VALUE, "VESTA_EMPTY", ""));
    assertEquals(Optional.of(Secret.of(VALUE)), source.find("openai-prod"));
    assertEquals(Optional.of(Secret.of(VALUE)), source.find("openai.prod"));
    assertEquals(Optional.empty(), source.find("empty"));
    assertEquals(Optional.empty(), source.find("other"));
  }

  @Test
  void entries_of_a_key_store_are_secrets_by_their_names() throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    byte[] value = VALUE.getBytes(StandardCharsets.UTF_8);
    store.setEntry(
        "openai",
        new KeyStore.SecretKeyEntry(new SecretKeySpec(value, "AES")),
        new KeyStore.PasswordProtection(password));
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    SecretSource source = SecretSource.keyStore(file, Secret.of("changeit"), List.of());
    assertEquals(Optional.of(Secret.of(VALUE)), source.find("openai"));
    assertEquals(Optional.empty(), source.find("other"));
    SecretSource wrong = SecretSource.keyStore(file, Secret.of("guess"), List.of());
    assertThrows(VestaException.class, () -> wrong.find("openai"));
    mode(file, "rw-r--r--");
    assertThrows(VestaException.class, () -> source.find("openai"));
  }
}
