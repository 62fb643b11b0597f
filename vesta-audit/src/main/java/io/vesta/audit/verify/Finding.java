package io.vesta.audit.verify;

import java.util.OptionalLong;

/**
 * Something that is wrong with a log.
 *
 * @param index the first entry that it concerns; empty if it concerns the log as a whole
 * @param what one sentence
 */
public record Finding(OptionalLong index, String what) {

  /** Something wrong with an entry, or with a tile that begins there. */
  public static Finding at(long index, String what) {
    return new Finding(OptionalLong.of(index), what);
  }

  /** Something wrong with the log as a whole. */
  public static Finding whole(String what) {
    return new Finding(OptionalLong.empty(), what);
  }

  /** Whether it concerns an entry from one index to before another. */
  public boolean within(long from, long to) {
    return index.isPresent() && index.getAsLong() >= from && index.getAsLong() < to;
  }

  @Override
  public String toString() {
    return index.isPresent() ? "entry " + index.getAsLong() + ": " + what : what;
  }
}
