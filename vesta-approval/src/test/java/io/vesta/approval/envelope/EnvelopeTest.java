package io.vesta.approval.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {

  /** Worked out by hand: each field is its length in four bytes and its bytes. */
  private static final String GOLDEN =
      "00000011"
          + hex("vesta/envelope/v1")
          + "00000004"
          + hex("acme")
          + "00000002"
          + hex("d1")
          + "00000008"
          + "0000000000000001"
          + "00000005"
          + hex("EMAIL")
          + "00000010"
          + hex("ann@acme.example")
          + "00000009"
          + hex("Ann Agent")
          + "00000008"
          + "0000000000000001"
          + "00000002"
          + hex("TO")
          + "00000013"
          + hex("cleo@client.example")
          + "0000000a"
          + hex("Your visit")
          + "0000001e"
          + hex("Hello Cleo,\n\nSaturday at ten?\n");

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void the_encoding_is_the_documented_one() {
    assertEquals(GOLDEN, HexFormat.of().formatHex(Envelopes.mail().build().bytes()));
    // As sha256sum prints it for the bytes above.
    assertEquals(
        "d4ed7d3f4aa32c5881dd4049b4ce98b1fe5ff8bd91c10b45c24f084f33512449",
        Envelopes.mail().build().digest());
  }

  @Test
  void what_is_stored_is_read_back_and_nothing_else_is() {
    Envelope envelope = Envelopes.mail().build();
    assertEquals(envelope, Envelope.parse(envelope.bytes()));
    byte[] bytes = envelope.bytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] shorter = Arrays.copyOf(bytes, i);
      assertThrows(VestaException.class, () -> Envelope.parse(shorter));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThrows(VestaException.class, () -> Envelope.parse(longer));
  }

  @Test
  void every_flipped_bit_is_another_envelope_or_none() {
    Envelope envelope = Envelopes.mail().build();
    for (int bit = 0; bit < envelope.bytes().length * 8; bit++) {
      byte[] bytes = envelope.bytes();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        Envelope other = Envelope.parse(bytes);
        assertNotEquals(envelope.digest(), other.digest());
        assertTrue(Arrays.equals(bytes, other.bytes()), "read back differently than stored");
      } catch (VestaException refused) {
        assertFalse(refused.getMessage().contains("cleo"), "the error quotes the envelope");
      }
    }
  }

  @Test
  void neighbours_that_a_reader_may_take_for_equal_have_different_digests() {
    Set<String> digests = new HashSet<>();
    List<Envelope> envelopes =
        List.of(
            Envelopes.mail().build(),
            Envelopes.mail().subject("Your visit ").build(),
            Envelopes.mail().subject("Your\u00a0visit").build(),
            Envelopes.mail().body("Caf\u00e9").build(),
            Envelopes.mail().body("Cafe\u0301").build(),
            Envelopes.mail().body("pay 10\u202e001").build(),
            Envelopes.mail().body("pay 10001").build(),
            Envelopes.mail().body("\u0430").build(),
            Envelopes.mail().body("a").build(),
            // The delimiter moves from one field into the next.
            Envelopes.mail().subject("ab").body("c").build(),
            Envelopes.mail().subject("a").body("bc").build(),
            Envelopes.mail().add(Recipient.Role.CC, new Address("x@client.example")).build(),
            Envelopes.mail().add(Recipient.Role.BCC, new Address("x@client.example")).build(),
            Envelope.builder(Envelopes.DRAFT, 2, Channel.EMAIL, Envelopes.SENDER)
                .add(Recipient.Role.TO, new Address("cleo@client.example"))
                .subject("Your visit")
                .body("Hello Cleo,\n\nSaturday at ten?\n")
                .build());
    envelopes.forEach(envelope -> digests.add(envelope.digest()));
    assertEquals(envelopes.size(), digests.size());
  }

  @Test
  void recipients_in_another_order_are_another_envelope() {
    Address one = new Address("one@client.example");
    Address two = new Address("two@client.example");
    assertNotEquals(
        Envelopes.mail().add(Recipient.Role.TO, one).add(Recipient.Role.TO, two).build(),
        Envelopes.mail().add(Recipient.Role.TO, two).add(Recipient.Role.TO, one).build());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nBcc: x@y.example", "a\nb", "a\u0000", "a\u0085", "a\u2028b", "a\ud800"})
  void a_header_is_one_line_of_whole_unicode(String subject) {
    assertThrows(VestaException.class, () -> Envelopes.mail().subject(subject).build());
    assertThrows(VestaException.class, () -> new Sender(new Address("ann@acme.example"), subject));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "a\rb", "a\u0000b", "a\u001bb", "a\udc00"})
  void a_body_has_no_controls_but_line_feeds_and_tabs(String body) {
    VestaException refused =
        assertThrows(VestaException.class, () -> Envelopes.mail().body(body).build());
    assertTrue(refused.getMessage().contains("body is a text of " + body.length()));
  }

  @Test
  void an_envelope_needs_somebody_who_gets_it() {
    Envelope.Builder nobody =
        Envelope.builder(Envelopes.DRAFT, 1, Channel.EMAIL, Envelopes.SENDER).body("text");
    assertThrows(VestaException.class, nobody::build);
    Address cleo = new Address("cleo@client.example");
    assertThrows(
        VestaException.class, () -> Envelopes.mail().add(Recipient.Role.CC, cleo), "given twice");
  }

  @Test
  void addresses_have_one_spelling() {
    assertEquals("Cleo@client.example", Address.of(Channel.EMAIL, " Cleo@CLIENT.example ").value());
    assertEquals("+12125550101", Address.of(Channel.SMS, "+1 (212) 555-0101").value());
    Address loud = new Address("cleo@CLIENT.example");
    assertThrows(VestaException.class, () -> Envelopes.mail().add(Recipient.Role.CC, loud));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cl\u0435o@client.example", // a Cyrillic letter that looks like a Latin one
        "cleo@client.example, mallory@evil.example",
        "cleo@client.example\nBcc: mallory@evil.example",
        "\"Cleo\" <cleo@client.example>",
        "cleo",
        "@client.example",
        "cleo@client",
        "cleo@-client.example",
        ".cleo@client.example",
        ""
      })
  void other_addresses_are_refused_without_being_quoted(String text) {
    VestaException refused =
        assertThrows(VestaException.class, () -> Address.of(Channel.EMAIL, text));
    assertFalse(refused.getMessage().contains("client"));
  }

  @Test
  void nothing_of_a_client_prints() {
    Envelope envelope = Envelopes.mail().build();
    for (Object shown :
        List.of(envelope, envelope.sender(), envelope.recipients(), envelope.recipients().get(0))) {
      assertFalse(shown.toString().contains("example"), shown.toString());
    }
    assertFalse(envelope.toString().contains("Cleo"));
  }

  @Test
  void the_next_revision_keeps_everything_but_the_text() {
    Envelope next = Envelopes.mail().build().revised("Another subject", "Another text");
    assertEquals(2, next.revision());
    assertEquals(Envelopes.mail().build().recipients(), next.recipients());
    assertEquals("Another subject\n\nAnother text", next.text());
  }
}
