package io.vesta.approval.draft;

import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.error.VestaException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a draft was written from. An approval holds for one context; when any part of it changes, it
 * is void. Immutable.
 *
 * @param versions what it relies on, by name, such as {@code thread} to the key of its last message
 *     or {@code consent} to the version of the recipient's; opaque to Vesta, which only compares
 *     them: at most 128 of {@code A-Z a-z 0-9 . _ : -}
 * @param facts what lint rules look at, by the names that rule packs use, such as {@code
 *     jurisdiction}; texts of at most 500 characters, never a client's data. Two are special: the
 *     text must hold what {@code postalAddress} and {@code unsubscribe} say, or rules that ask for
 *     a postal address or an opt-out find them missing
 */
public record DraftContext(Map<String, String> versions, Map<String, String> facts) {

  private static final String DOMAIN = "vesta/context/v1";
  private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,31}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._:-]{0,128}");
  private static final int LONGEST_FACT = 500;
  private static final int MOST = 32;

  /** Checks the shapes and sorts. */
  public DraftContext {
    versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
    if (versions.size() > MOST || facts.size() > MOST) {
      throw VestaException.invalid("context", "too large", "use at most " + MOST + " of each");
    }
    versions.forEach(
        (name, version) -> require(name, VERSION.matcher(version).matches(), "context version"));
    facts.forEach(
        (name, fact) ->
            require(name, fact.length() <= LONGEST_FACT && Bytes.encodable(fact), "context fact"));
  }

  private static void require(String name, boolean value, String field) {
    if (!value || !NAME.matcher(name).matches()) {
      throw VestaException.invalid(
          field,
          "a name or value outside the allowed form",
          "name it by a lower camel-case word, and give keys, digests or short facts");
    }
  }

  /** The encoding that is stored and digested: versions, then facts, each in order of the names. */
  public byte[] bytes() {
    Bytes.Writer out = new Bytes.Writer(DOMAIN);
    for (Map<String, String> part : List.of(versions, facts)) {
      out.number(part.size());
      part.forEach((name, value) -> out.text(name).text(value));
    }
    return out.toBytes();
  }

  /** SHA-256 of the encoding: 64 lower-case hexadecimal digits. */
  public String digest() {
    return Bytes.sha256(bytes());
  }

  /**
   * Reads a context back.
   *
   * @param bytes what {@link #bytes} gave
   * @throws VestaException if they are no context
   */
  public static DraftContext parse(byte[] bytes) {
    try {
      Bytes.Reader in = new Bytes.Reader(DOMAIN, bytes);
      DraftContext context = new DraftContext(part(in), part(in));
      in.end();
      return context;
    } catch (IllegalArgumentException e) {
      throw VestaException.invalid(
          "context", bytes.length + " bytes of another form", "restore the bytes that were stored");
    }
  }

  private static Map<String, String> part(Bytes.Reader in) {
    Map<String, String> part = new TreeMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      part.put(in.text(), in.text());
    }
    return part;
  }

  /** The names only. */
  @Override
  public String toString() {
    return "DraftContext[" + versions.keySet() + ", " + facts.keySet() + "]";
  }
}
