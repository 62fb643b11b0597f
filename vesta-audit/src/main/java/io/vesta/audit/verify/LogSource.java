package io.vesta.audit.verify;

import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Tile;
import java.util.List;

/** Where a log that is to be verified is read from. What it gives is not trusted. */
public interface LogSource {

  /**
   * How many first entries were pruned (the minimum index of C2SP tlog-tiles): of them neither
   * bytes nor leaf hashes are asked for.
   *
   * @return a multiple of 256; 0 if none were
   * @throws IllegalArgumentException if it cannot be read; the message says why
   */
  default long pruned() {
    return 0;
  }

  /**
   * The bytes of the entries of a tile of level 0.
   *
   * @param tile which
   * @return as many as there are; more or fewer than the tile's width are a finding
   * @throws IllegalArgumentException if they cannot be read; the message says why
   */
  List<byte[]> entries(Tile tile);

  /**
   * The hashes of a tile.
   *
   * @param tile which
   * @return as many as there are
   * @throws IllegalArgumentException if they cannot be read; the message says why
   */
  List<Hash> hashes(Tile tile);
}
