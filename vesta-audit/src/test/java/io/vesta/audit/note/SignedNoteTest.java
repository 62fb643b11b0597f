package io.vesta.audit.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.audit.key.Ed25519Signer;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Vectors;
import io.vesta.core.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedNoteTest {

  private static final String NAME = "audit.example.com/acme";
  private static final Ed25519Signer SIGNER = signer(1);
  private static final Vkey KEY = SIGNER.vkey(NAME);
  private static final SignedNote NOTE = SignedNote.sign("one\n\ntwo\n", NAME, List.of(SIGNER));

  private static Ed25519Signer signer(int seed) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) seed);
    return Ed25519Signer.of(Secret.of(Base64.getEncoder().encodeToString(bytes)));
  }

  private static SignedNote parse(String note) {
    return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_note_is_read_as_it_was_signed_and_its_last_blank_line_ends_the_text() {
    SignedNote read = parse(NOTE.toString());
    assertEquals("one\n\ntwo\n", read.text());
    assertEquals(List.of(KEY), read.open(List.of(KEY)));
    assertEquals(NOTE.toString(), read.toString());
  }

  @Test
  void the_specifications_example_verifies() throws IOException {
    byte[] note = Files.readAllBytes(Vectors.locate("c2sp-examples/signed-note-foo.txt"));
    String vkey = Files.readString(Vectors.locate("c2sp-examples/signed-note-foo.vkey")).trim();
    Vkey key = Vkey.parse(vkey);
    assertEquals(vkey, key.toString());
    assertEquals("This is an example message.\n", SignedNote.parse(note).text());
    assertEquals(List.of(key), SignedNote.parse(note).open(List.of(key)));
    note[3] ^= 1;
    assertThrows(IllegalArgumentException.class, () -> SignedNote.parse(note).open(List.of(key)));
  }

  @Test
  void the_specifications_other_examples_are_read() throws IOException {
    for (String name :
        List.of(
            "signed-note-poem.txt",
            "checkpoint-behind-the-sofa.txt",
            "cosigned-checkpoint-behind-the-sofa.txt")) {
      byte[] note = Files.readAllBytes(Vectors.locate("c2sp-examples/" + name));
      SignedNote read = SignedNote.parse(note);
      assertEquals(new String(note, StandardCharsets.UTF_8), read.toString());
      if (name.contains("checkpoint")) {
        assertEquals(20_852_163, Checkpoint.parse(read.text()).size());
      }
    }
  }

  @Test
  void signatures_of_unknown_keys_are_ignored_but_somebody_known_must_have_signed() {
    SignedNote both = SignedNote.sign("text\n", NAME, List.of(SIGNER, signer(2)));
    assertEquals(List.of(KEY), both.open(List.of(KEY)));
    assertEquals(2, both.open(List.of(KEY, signer(2).vkey(NAME))).size());
    assertThrows(IllegalArgumentException.class, () -> both.open(List.of(signer(3).vkey(NAME))));
    assertThrows(IllegalArgumentException.class, () -> both.open(List.of()));
    Vkey sameKeyOtherName = SIGNER.vkey("audit.example.com/other");
    assertThrows(IllegalArgumentException.class, () -> both.open(List.of(sameKeyOtherName)));
  }

  @Test
  void a_wrong_signature_of_a_known_key_refuses_the_whole_note() {
    SignedNote good = SignedNote.sign("text\n", NAME, List.of(SIGNER, signer(2)));
    String other = SignedNote.sign("other\n", NAME, List.of(SIGNER)).toString();
    String badLine = other.substring(other.indexOf('\u2014'));
    SignedNote mixed = parse(good + badLine);
    assertThrows(IllegalArgumentException.class, () -> mixed.open(List.of(KEY)));
    assertEquals(1, mixed.open(List.of(signer(2).vkey(NAME))).size());
  }

  @Test
  void what_is_no_note_is_refused() {
    String good = NOTE.toString();
    String line = good.substring(good.indexOf('\u2014'));
    for (String bad :
        List.of(
            "",
            "\n",
            "text\n",
            "text\n\n",
            good.substring(0, good.length() - 1),
            good + "\n",
            good.replace("two", "t\two"),
            good.replace("two", "two\r"),
            good.replace("two", "t\0wo"),
            good.replace('\u2014', '-'),
            good.replace(NAME, ""),
            good.replace(NAME, "a+b"),
            good.replace(NAME, "a\u00a0b"),
            "text\n\n" + line.replace("=\n", "\n"),
            "text\n\n\u2014 " + NAME + " AAAA\n",
            "text\n\n\u2014 " + NAME + " AAAAAA==\n",
            "text\n\n\u2014 " + NAME + "\n",
            "text\n\nno dash\n" + line,
            "text\n\n" + line.repeat(101))) {
      assertThrows(IllegalArgumentException.class, () -> parse(bad), bad);
    }
    assertEquals(100, parse("text\n\n" + line.repeat(100)).toString().split("\u2014").length - 1);
    byte[] latin = good.replace("two", "\u00e8").getBytes(StandardCharsets.ISO_8859_1);
    assertThrows(IllegalArgumentException.class, () -> SignedNote.parse(latin));
    assertThrows(IllegalArgumentException.class, () -> SignedNote.parse(new byte[(1 << 20) + 1]));
  }

  @Test
  void what_no_reader_would_accept_is_not_signed() {
    for (String bad : List.of("", "no newline", "control\t\n", "half \ud800\n")) {
      assertThrows(
          IllegalArgumentException.class, () -> SignedNote.sign(bad, NAME, List.of(SIGNER)), bad);
    }
    assertThrows(IllegalArgumentException.class, () -> SignedNote.sign("text\n", NAME, List.of()));
  }

  @Test
  void a_signer_that_signs_with_another_key_than_it_shows_is_caught() {
    CheckpointSigner confused =
        new CheckpointSigner() {
          @Override
          public Vkey vkey(String origin) {
            return signer(2).vkey(origin);
          }

          @Override
          public byte[] sign(byte[] message) {
            return SIGNER.sign(message);
          }
        };
    assertThrows(
        IllegalStateException.class, () -> SignedNote.sign("text\n", NAME, List.of(confused)));
  }

  @Test
  void flipping_any_bit_of_a_note_refuses_it() {
    byte[] good = NOTE.bytes();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThrows(
          IllegalArgumentException.class,
          () -> SignedNote.parse(bad).open(List.of(KEY)),
          "bit " + bit);
    }
  }

  @Test
  void a_witness_signs_time_and_checkpoint() {
    Checkpoint checkpoint = new Checkpoint(NAME, 7, Hash.EMPTY_ROOT);
    Vkey witness = Vkey.of("witness.example.com/w", Vkey.Kind.WITNESS, rawKey(signer(9)));
    byte[] message =
        ("cosignature/v1\ntime 1700000000\n" + checkpoint.text()).getBytes(StandardCharsets.UTF_8);
    byte[] payload =
        ByteBuffer.allocate(76)
            .putInt(witness.id())
            .putLong(1_700_000_000L)
            .put(signer(9).sign(message))
            .array();
    SignedNote log = SignedNote.sign(checkpoint.text(), NAME, List.of(SIGNER));
    String line = Base64.getEncoder().encodeToString(payload);
    SignedNote cosigned = parse(log + "\u2014 witness.example.com/w " + line + "\n");
    assertEquals(List.of(KEY, witness), cosigned.open(List.of(KEY, witness)));
    payload[11] ^= 1;
    String later = Base64.getEncoder().encodeToString(payload);
    SignedNote redated = parse(log + "\u2014 witness.example.com/w " + later + "\n");
    assertThrows(IllegalArgumentException.class, () -> redated.open(List.of(KEY, witness)));
    assertEquals(Vkey.parse(witness.toString()), witness);
  }

  private static byte[] rawKey(CheckpointSigner signer) {
    String written = signer.vkey("x").toString();
    byte[] typed = Base64.getDecoder().decode(written.substring(written.lastIndexOf('+') + 1));
    return Arrays.copyOfRange(typed, typed.length - 32, typed.length);
  }

  @Test
  void a_verifier_key_is_read_as_written_and_its_id_must_belong_to_it() {
    String written = KEY.toString();
    assertEquals(KEY, Vkey.parse(written));
    assertTrue(written.startsWith(NAME + "+"));
    String otherId = written.replace(String.format("+%08x+", KEY.id()), "+00000000+");
    assertNotEquals(written, otherId);
    String noKey = written.substring(0, written.lastIndexOf('+') + 1);
    for (String bad :
        List.of(
            "",
            "a+b",
            otherId,
            written + "=",
            noKey,
            noKey + "AQ==",
            written.replace(NAME, ""),
            written.replace(NAME, "a b"),
            written.replace("+A", "+B"))) {
      assertThrows(IllegalArgumentException.class, () -> Vkey.parse(bad), bad);
    }
  }

  @Test
  void a_checkpoint_is_three_lines_with_a_plain_number_and_a_canonical_root() {
    Checkpoint checkpoint = new Checkpoint(NAME, 12, Hash.EMPTY_ROOT);
    assertEquals(checkpoint, Checkpoint.parse(checkpoint.text()));
    String root = Hash.EMPTY_ROOT.base64();
    for (String bad :
        List.of(
            "",
            NAME + "\n12\n" + root,
            NAME + "\n12\n" + root + "\nextension\n",
            NAME + "\n12\n\n",
            NAME + "\n012\n" + root + "\n",
            NAME + "\n+12\n" + root + "\n",
            NAME + "\n-1\n" + root + "\n",
            NAME + "\n\u0661\n" + root + "\n",
            NAME + "\n9223372036854775808\n" + root + "\n",
            NAME + "\n\n" + root + "\n",
            "\n12\n" + root + "\n",
            NAME + "\n12\n" + root.replace("=", "") + "\n")) {
      assertThrows(IllegalArgumentException.class, () -> Checkpoint.parse(bad), bad);
    }
    assertThrows(IllegalArgumentException.class, () -> new Checkpoint(NAME, -1, Hash.EMPTY_ROOT));
    assertFalse(KEY.verifies(new byte[0], new byte[63]));
  }
}
