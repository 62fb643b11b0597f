package io.vesta.posture.check;

import java.util.Objects;

/**
 * One thing that was seen.
 *
 * @param place where: a path, a socket, a setting's name; never a value that may be secret
 * @param seen what was there, in words that hold no secret and no personal data
 */
public record Evidence(String place, String seen) {

  /** Checks presence. */
  public Evidence {
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(seen, "seen");
  }
}
