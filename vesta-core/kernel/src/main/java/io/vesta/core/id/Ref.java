package io.vesta.core.id;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A reference to a thing by type and key: the only form in which things appear in the audit log.
 * Keys are opaque, so their alphabet leaves no room for an e-mail address, a name with a space or a
 * sentence.
 *
 * @param type the kind of thing, such as {@code Contact}: a letter, then at most 63 letters or
 *     digits
 * @param key the host's key: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}, beginning with a letter or a
 *     digit
 */
public record Ref(String type, String key) {

  private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  /** Checks the shape of both parts. */
  public Ref {
    Objects.requireNonNull(type, "type");
    if (!TYPE.matcher(type).matches()) {
      throw VestaException.invalid(
          "reference type", shape(type), "use a letter, then at most 63 letters or digits");
    }
    requireKey("reference key", key);
  }

  /**
   * Reads {@code type:key} back.
   *
   * @throws VestaException if it is none
   */
  public static Ref parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw VestaException.invalid("reference", shape(text), "write it as type:key");
    }
    return new Ref(text.substring(0, colon), text.substring(colon + 1));
  }

  static String requireKey(String field, String key) {
    Objects.requireNonNull(key, field);
    if (!KEY.matcher(key).matches()) {
      throw VestaException.invalid(
          field,
          shape(key),
          "use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or a digit");
    }
    return key;
  }

  private static String shape(String value) {
    return "a text of " + value.length() + " characters outside the allowed form";
  }

  /** {@code type:key}. */
  @Override
  public String toString() {
    return type + ":" + key;
  }
}
