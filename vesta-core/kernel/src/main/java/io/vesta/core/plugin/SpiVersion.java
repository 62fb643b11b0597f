package io.vesta.core.plugin;

import io.vesta.core.error.VestaException;

/**
 * The version of the SPIs that a plug-in was compiled for. A major number changes when an SPI
 * breaks, a minor one when it grows.
 *
 * @param major 1 or more
 * @param minor 0 or more
 */
public record SpiVersion(int major, int minor) implements Comparable<SpiVersion> {

  /** The SPI version of this library. */
  public static final SpiVersion CURRENT = new SpiVersion(1, 0);

  /** Checks ranges. */
  public SpiVersion {
    if (major < 1 || minor < 0) {
      throw VestaException.invalid("SPI version", major + "." + minor, "use 1.0 or later");
    }
  }

  /**
   * Whether a plug-in compiled for this version runs on the library: the same major, and no newer
   * minor.
   */
  public boolean runsOn(SpiVersion library) {
    return major == library.major && minor <= library.minor;
  }

  @Override
  public int compareTo(SpiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
