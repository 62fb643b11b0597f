package io.vesta.approval.review;

import io.vesta.approval.draft.Draft;
import io.vesta.core.error.VestaException;
import java.util.Objects;

/**
 * What a person had before their eyes when they decided. It comes back with the decision, and the
 * decision counts only if it is still what is stored.
 *
 * @param version the draft's version
 * @param digest the digest of the envelope that was shown: 64 hexadecimal digits
 */
public record Seen(long version, String digest) {

  /** Checks presence. */
  public Seen {
    Objects.requireNonNull(digest, "digest");
  }

  /**
   * A draft as it was shown.
   *
   * @throws VestaException if it has no text that could have been seen
   */
  public static Seen of(Draft draft) {
    return new Seen(
        draft.version(),
        draft
            .written()
            .orElseThrow(
                () -> VestaException.invalid("draft", "without a text", "wait until it is written"))
            .envelope()
            .digest());
  }
}
