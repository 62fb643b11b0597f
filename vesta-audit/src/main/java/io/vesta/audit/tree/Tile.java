package io.vesta.audit.tree;

/**
 * The name of a tile of C2SP tlog-tiles: up to 256 hashes that stand side by side in the tree, at a
 * height that is a multiple of 8.
 *
 * @param level 0 for leaf hashes, at most 7
 * @param index which tile of its level, from 0
 * @param width how many hashes it holds: 256 if full, at least 1
 */
public record Tile(int level, long index, int width) {

  /** Hashes in a full tile. */
  public static final int WIDTH = 256;

  /** Tree levels in a tile. */
  public static final int HEIGHT = 8;

  private static final int TOP_LEVEL = 7;

  /** Checks the ranges. */
  public Tile {
    if (level < 0 || level > TOP_LEVEL || index < 0 || width < 1 || width > WIDTH) {
      throw new IllegalArgumentException("no tile is named " + level + "/" + index + "/" + width);
    }
  }

  /** Whether it holds 256 hashes and will never change. */
  public boolean full() {
    return width == WIDTH;
  }

  /** Where the tile lies below the log's prefix: {@code tile/<L>/<N>[.p/<W>]}. */
  public String path() {
    return "tile/" + level + "/" + place();
  }

  /** Where the entries of a tile of level 0 lie: {@code tile/entries/<N>[.p/<W>]}. */
  public String bundlePath() {
    return "tile/entries/" + place();
  }

  /**
   * How many hashes a tree has at a level of tiles.
   *
   * @param size the tree's size
   * @param level the level, 0 to 7
   */
  public static long hashesAt(long size, int level) {
    return size >>> (HEIGHT * level);
  }

  /** The index in three-digit groups, all but the last after an x: 1234067 is x001/x234/067. */
  private String place() {
    StringBuilder place = new StringBuilder(group(index));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      place.insert(0, "x" + group(rest) + "/");
    }
    return full() ? place.toString() : place + ".p/" + width;
  }

  private static String group(long number) {
    return String.valueOf(1000 + number % 1000).substring(1);
  }
}
