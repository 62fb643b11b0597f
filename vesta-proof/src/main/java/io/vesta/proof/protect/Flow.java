package io.vesta.proof.protect;

import io.vesta.proof.protect.Suppression.Network;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a withheld cell can be from its true value in a table that looks the same: a maximum flow
 * through the other withheld cells, by shortest augmenting paths (Edmonds and Karp 1972). Exact.
 *
 * @param far by how much; null if without limit
 * @param changes per cell that differs, other value less true value; empty if without limit
 */
record Flow(@Nullable BigDecimal far, Map<Integer, BigDecimal> changes) {

  /**
   * Moves a cell.
   *
   * @param cell the cell
   * @param growing whether up or down
   * @param enough where to stop; null for as far as it goes
   */
  static Flow of(
      Network network,
      BitSet withheld,
      int cell,
      int quantity,
      boolean growing,
      @Nullable BigDecimal enough) {
    return new Search(network, withheld, cell, quantity).run(growing, enough);
  }

  private static final class Search {

    private final Network network;
    private final BitSet withheld;
    private final int cell;
    private final int quantity;
    private final BigDecimal[] change;
    private final int[] via;

    Search(Network network, BitSet withheld, int cell, int quantity) {
      this.network = network;
      this.withheld = withheld;
      this.cell = cell;
      this.quantity = quantity;
      change = new BigDecimal[network.size()];
      Arrays.fill(change, BigDecimal.ZERO);
      via = new int[network.rows() + network.columns()];
    }

    Flow run(boolean growing, @Nullable BigDecimal enough) {
      int from = growing ? network.head(cell) : network.tail(cell);
      int to = growing ? network.tail(cell) : network.head(cell);
      BigDecimal far = BigDecimal.ZERO;
      BigDecimal own = room(cell, growing);
      BigDecimal limit = own == null ? enough : enough == null ? own : enough.min(own);
      while ((limit == null || far.compareTo(limit) < 0) && reach(from, to)) {
        BigDecimal step = limit == null ? null : limit.subtract(far);
        for (int node = to; node != from; node = before(node)) {
          BigDecimal room = room(via[node], network.head(via[node]) == node);
          step = step == null ? room : room == null ? step : step.min(room);
        }
        if (step == null) {
          return new Flow(null, Map.of());
        }
        for (int node = to; node != from; node = before(node)) {
          boolean along = network.head(via[node]) == node;
          change[via[node]] = change[via[node]].add(along ? step : step.negate());
        }
        far = far.add(step);
      }
      change[cell] = growing ? far : far.negate();
      Map<Integer, BigDecimal> changes = new TreeMap<>();
      for (int c = 0; c < change.length; c++) {
        if (change[c].signum() != 0) {
          changes.put(c, change[c]);
        }
      }
      return new Flow(far, changes);
    }

    private int before(int node) {
      return network.head(via[node]) + network.tail(via[node]) - node;
    }

    /** How much further a cell can move; null for any amount. */
    private @Nullable BigDecimal room(int c, boolean growing) {
      BigDecimal now = network.values().get(quantity)[c].add(change[c]);
      return network.negative().get(c) == growing ? now.abs() : null;
    }

    /** Breadth first; fills {@link #via}. */
    private boolean reach(int from, int to) {
      Arrays.fill(via, -1);
      Deque<Integer> open = new ArrayDeque<>();
      open.add(from);
      while (!open.isEmpty()) {
        int node = open.remove();
        for (int c : network.cellsAt(node)) {
          boolean along = network.tail(c) == node;
          int next = along ? network.head(c) : network.tail(c);
          if (c == cell || next == from || via[next] >= 0 || !withheld.get(c)) {
            continue;
          }
          BigDecimal room = room(c, along);
          if (room == null || room.signum() > 0) {
            via[next] = c;
            if (next == to) {
              return true;
            }
            open.add(next);
          }
        }
      }
      return false;
    }
  }
}
