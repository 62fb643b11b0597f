package io.vesta.core.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.error.VestaException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretTest {

  @Test
  void a_secret_does_not_print_or_serialize() {
    Secret secret = Secret.of("hunter2");
    assertEquals("Secret[hidden]", secret.toString());
    assertFalse(Serializable.class.isAssignableFrom(Secret.class));
    assertEquals(Secret.of("other").hashCode(), secret.hashCode());
  }

  @Test
  void a_secret_equals_by_its_bytes_and_gives_out_copies() {
    Secret secret = Secret.of("hunter2");
    assertEquals(Secret.of("hunter2".getBytes(StandardCharsets.UTF_8)), secret);
    assertNotEquals(Secret.of("hunter3"), secret);
    secret.reveal()[0] = 'X';
    assertArrayEquals("hunter2".getBytes(StandardCharsets.UTF_8), secret.reveal());
  }

  @Test
  void text_that_is_not_base64_is_refused_without_being_quoted() {
    VestaException refused =
        assertThrows(VestaException.class, () -> Secret.of("hunter2!").revealBase64());
    assertFalse(refused.getMessage().contains("!") || refused.getMessage().contains("21"));
    assertArrayEquals(new byte[] {1, 2, 3}, Secret.of("AQID").revealBase64());
  }

  @Test
  void an_empty_secret_is_refused() {
    assertThrows(VestaException.class, () -> Secret.of(""));
  }
}
