package io.vesta.proof.spec;

import java.util.Objects;

/**
 * One value of a closed list and the words that the public reads for it.
 *
 * @param key the value as rows hold it: 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param label what is printed: 1 to 80 letters, digits, spaces and plain punctuation, without
 *     {@code @} and without five digits in a row, so that no address or number of a person fits
 */
public record Code(String key, String label) {

  /** Shapes are checked when the spec is built, so that all faults are told at once. */
  public Code {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(label, "label");
  }
}
