package io.vesta.approval.envelope.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which this artifact encodes what it digests or seals: a domain word, then each
 * field as its length in four bytes and its bytes. Two different sequences of fields never give the
 * same bytes, which a separator could not promise.
 */
public final class Bytes {

  private Bytes() {}

  /** SHA-256 as 64 lower-case hexadecimal digits. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether a text is whole Unicode: no half of a surrogate pair. */
  public static boolean encodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** Writes fields; not thread-safe. */
  public static final class Writer {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    /** Begins with what the bytes are and in which version, such as {@code vesta/envelope/v1}. */
    public Writer(String domain) {
      text(domain);
    }

    /** Bytes. */
    public Writer bytes(byte[] field) {
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
      out.writeBytes(field);
      return this;
    }

    /** A text in UTF-8; the caller has checked that it is {@link #encodable}. */
    public Writer text(String field) {
      return bytes(field.getBytes(StandardCharsets.UTF_8));
    }

    /** A number. */
    public Writer number(long field) {
      return bytes(ByteBuffer.allocate(Long.BYTES).putLong(field).array());
    }

    /** A text that may be absent: how many there are, then the text. */
    public Writer optional(@Nullable String field) {
      return field == null ? number(0) : number(1).text(field);
    }

    /** All of it. */
    public byte[] toBytes() {
      return out.toByteArray();
    }
  }

  /** Reads fields back; not thread-safe. */
  public static final class Reader {

    private final ByteBuffer in;

    /**
     * @throws IllegalArgumentException if the bytes are of another domain
     */
    public Reader(String domain, byte[] bytes) {
      in = ByteBuffer.wrap(bytes);
      if (!text().equals(domain)) {
        throw new IllegalArgumentException("the bytes are no " + domain);
      }
    }

    /** Bytes. */
    public byte[] bytes() {
      if (in.remaining() < Integer.BYTES) {
        throw new IllegalArgumentException("a field is cut");
      }
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException("a field is cut");
      }
      byte[] field = new byte[length];
      in.get(field);
      return field;
    }

    /** A text. */
    public String text() {
      try {
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes()));
        return text.toString();
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("a field is not UTF-8", e);
      }
    }

    /** A number. */
    public long number() {
      byte[] field = bytes();
      if (field.length != Long.BYTES) {
        throw new IllegalArgumentException("a number has eight bytes");
      }
      return ByteBuffer.wrap(field).getLong();
    }

    /** How many entries of a list follow, at least one byte each. */
    public int count() {
      long count = number();
      if (count < 0 || count > in.remaining()) {
        throw new IllegalArgumentException("a list is cut");
      }
      return (int) count;
    }

    /** Demands that nothing follows. */
    public void end() {
      if (in.hasRemaining()) {
        throw new IllegalArgumentException("more bytes than fields");
      }
    }
  }
}
