package io.vesta.examples.quickstart.reso;

import java.util.regex.Pattern;

/**
 * RESO {@code StandardStatus}. Feeds spell it with spaces ({@code Active Under Contract}, the
 * lookup value) or without ({@code ActiveUnderContract}, the legacy OData value); both become the
 * first. A value that RESO does not list is kept as it is.
 *
 * @param value the lookup value
 */
public record StandardStatus(String value) {

  private static final Pattern WORD_START = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  /** The sale is done. */
  public static final StandardStatus CLOSED = new StandardStatus("Closed");

  /** The property is on the market. */
  public static final StandardStatus ACTIVE = new StandardStatus("Active");

  /** Brings both spellings to one. */
  public StandardStatus {
    value = WORD_START.matcher(value.trim()).replaceAll(" ");
  }
}
