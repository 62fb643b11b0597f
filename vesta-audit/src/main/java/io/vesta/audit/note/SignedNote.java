package io.vesta.audit.note;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * A C2SP signed note: a text and lines of signatures over it. Reading one checks its form only;
 * {@link #open} checks who signed, and nothing of an unopened note may be trusted. Immutable and
 * thread-safe.
 */
public final class SignedNote {

  /** Longer notes are refused unread; the specification asks for 16 signatures of up to 5 kB. */
  private static final int LONGEST = 1 << 20;

  private static final int MOST_SIGNATURES = 100;
  private static final String DASH = "\u2014 ";

  private final String text;
  private final List<Line> lines;

  private SignedNote(String text, List<Line> lines) {
    this.text = text;
    this.lines = List.copyOf(lines);
  }

  /**
   * Reads a note.
   *
   * @param bytes UTF-8
   * @throws IllegalArgumentException if it is no signed note; the message says what is wrong
   */
  public static SignedNote parse(byte[] bytes) {
    if (bytes.length > LONGEST) {
      throw malformed("it is longer than a mebibyte");
    }
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw malformed("it is not UTF-8");
    }
  }

  private static SignedNote parse(String note) {
    if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw malformed("it holds a control character");
    }
    // The text may hold blank lines: the last one ends it.
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0 || !note.endsWith("\n") || blank + 2 == note.length()) {
      throw malformed("it has no signatures after a blank line");
    }
    List<Line> lines = new ArrayList<>();
    for (String line : note.substring(blank + 2, note.length() - 1).split("\n", -1)) {
      if (lines.size() == MOST_SIGNATURES) {
        throw malformed("it has more than " + MOST_SIGNATURES + " signatures");
      }
      lines.add(Line.parse(line));
    }
    return new SignedNote(note.substring(0, blank + 1), lines);
  }

  /**
   * Signs a text.
   *
   * @param text ends with a newline and has no other control character
   * @param name under which name the keys sign
   * @param signers at least one
   */
  public static SignedNote sign(
      String text, String name, Collection<? extends CheckpointSigner> signers) {
    if (!text.endsWith("\n") || text.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw malformed("its text must end with a newline and hold no other control character");
    }
    if (signers.isEmpty()) {
      throw malformed("nobody signs it");
    }
    byte[] message = utf8(text);
    List<Line> lines = new ArrayList<>();
    for (CheckpointSigner signer : signers) {
      Vkey key = signer.vkey(name);
      byte[] signature = signer.sign(message);
      if (!key.verifies(message, signature)) {
        throw new IllegalStateException(
            "the signer of " + key + " made a signature of another key");
      }
      lines.add(new Line(name, key.id(), signature));
    }
    return new SignedNote(text, lines);
  }

  /**
   * The same note with a witness's cosignature (C2SP tlog-cosignature, {@code v1}) in place of an
   * earlier one of theirs.
   *
   * @param witness the witness's name
   * @param signer the witness's key
   * @param seconds the time to sign, since 1970
   */
  public SignedNote cosign(String witness, CheckpointSigner signer, long seconds) {
    Vkey key = signer.vkey(witness).ofWitness();
    byte[] signature = signer.sign(Vkey.cosigned(seconds, utf8(text)));
    ByteBuffer payload = ByteBuffer.allocate(Long.BYTES + signature.length);
    return with(
        key, List.of(new Line(witness, key.id(), payload.putLong(seconds).put(signature).array())));
  }

  /**
   * The same note with the signatures that a witness gave for it, in place of earlier ones of
   * theirs. Lines of other keys are left out.
   *
   * @param key the witness's
   * @param lines signature lines as they end a note
   * @throws IllegalArgumentException if they are no such lines, or the key did not sign
   */
  public SignedNote with(Vkey key, String lines) {
    return with(key, parse(text + "\n" + lines).lines);
  }

  /**
   * The same note with the signatures of a copy added, unchecked.
   *
   * @throws IllegalArgumentException if the copy has another text
   */
  public SignedNote merge(SignedNote copy) {
    if (!copy.text.equals(text)) {
      throw malformed("its copy has another text");
    }
    List<Line> all = new ArrayList<>(lines);
    copy.lines.stream()
        .filter(line -> all.stream().noneMatch(own -> own.written().equals(line.written())))
        .forEach(all::add);
    return new SignedNote(text, all);
  }

  private SignedNote with(Vkey key, List<Line> more) {
    List<Line> all = new ArrayList<>(lines);
    all.removeIf(line -> line.by(key));
    more.stream().filter(line -> line.by(key)).forEach(all::add);
    SignedNote signed = new SignedNote(text, all);
    signed.open(List.of(key));
    return signed;
  }

  /**
   * Checks the signatures of known keys; those of unknown keys are ignored.
   *
   * @param trusted whom to believe
   * @return who of them signed, each once, in the order of {@code trusted}; not empty
   * @throws IllegalArgumentException if none did, or if a known key's signature is wrong
   */
  public List<Vkey> open(Collection<Vkey> trusted) {
    byte[] message = utf8(text);
    List<Vkey> found = new ArrayList<>();
    for (Vkey key : trusted) {
      List<Line> own = lines.stream().filter(line -> line.by(key)).toList();
      if (!own.stream().allMatch(line -> key.verifies(message, line.signature))) {
        throw malformed("the signature of " + key.name() + " is wrong");
      }
      if (!own.isEmpty() && !found.contains(key)) {
        found.add(key);
      }
    }
    if (found.isEmpty()) {
      throw malformed("no trusted key signed it");
    }
    return found;
  }

  /** The ids of the keys of a name that seem to have signed; nothing is checked. */
  public List<Integer> keyIds(String name) {
    return lines.stream().filter(line -> line.name.equals(name)).map(line -> line.keyId).toList();
  }

  /** The text with its final newline; believe it only after {@link #open}. */
  public String text() {
    return text;
  }

  /** The bytes of the note: UTF-8. */
  public byte[] bytes() {
    return utf8(toString());
  }

  /** The whole note as text. */
  @Override
  public String toString() {
    StringBuilder note = new StringBuilder(text).append('\n');
    lines.forEach(line -> note.append(line.written()));
    return note.toString();
  }

  /** Strict: canonical RFC 4648 section 4 with padding. */
  static byte[] base64(String text) {
    byte[] decoded = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(decoded).equals(text)) {
      throw new IllegalArgumentException("the text is not canonical base64");
    }
    return decoded;
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw malformed("it holds half of a surrogate pair");
    }
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("the signed note is refused: " + why);
  }

  /** A signature line. */
  private static final class Line {

    private final String name;
    private final int keyId;
    private final byte[] signature;

    Line(String name, int keyId, byte[] signature) {
      this.name = name;
      this.keyId = keyId;
      this.signature = signature;
    }

    boolean by(Vkey key) {
      return name.equals(key.name()) && keyId == key.id();
    }

    static Line parse(String line) {
      int space = line.indexOf(' ', DASH.length());
      if (!line.startsWith(DASH) || space < 0) {
        throw malformed("a signature line is no dash, name and base64");
      }
      String name = line.substring(DASH.length(), space);
      Vkey.requireName(name);
      ByteBuffer payload = ByteBuffer.wrap(base64(line.substring(space + 1)));
      if (payload.remaining() <= Integer.BYTES) {
        throw malformed("a signature line has no signature");
      }
      int keyId = payload.getInt();
      byte[] signature = new byte[payload.remaining()];
      payload.get(signature);
      return new Line(name, keyId, signature);
    }

    String written() {
      byte[] payload =
          ByteBuffer.allocate(Integer.BYTES + signature.length)
              .putInt(keyId)
              .put(signature)
              .array();
      return DASH + name + " " + Base64.getEncoder().encodeToString(payload) + "\n";
    }
  }
}
