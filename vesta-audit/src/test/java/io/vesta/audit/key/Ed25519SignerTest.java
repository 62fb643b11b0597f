package io.vesta.audit.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.audit.note.Vkey;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ed25519SignerTest {

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
