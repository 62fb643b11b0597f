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
    private final Map<Integer, BigDecimal> change = new TreeMap<>();
    private final int[] via;

    Search(Network network, BitSet withheld, int cell, int quantity) {
      this.network = network;
      this.withheld = withheld;
      this.cell = cell;
      this.quantity = quantity;
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
          change.merge(via[node], along ? step : step.negate(), BigDecimal::add);
        }
        far = far.add(step);
      }
      change.put(cell, growing ? far : far.negate());
      change.values().removeIf(moved -> moved.signum() == 0);
      return new Flow(far, change);
    }

    private int before(int node) {
      return network.head(via[node]) + network.tail(via[node]) - node;
    }

    /** How much further a cell can move; null for any amount. */
    private @Nullable BigDecimal room(int c, boolean growing) {
      if (network.negative().get(c) != growing) {
        return null;
      }
      BigDecimal value = network.values().get(quantity)[c];
      BigDecimal moved = change.get(c);
      return (moved == null ? value : value.add(moved)).abs();
    }

    /** Breadth first; fills {@link #via}. */
    private boolean reach(int from, int to) {
      Arrays.fill(via, -1);
      Deque<Integer> open = new ArrayDeque<>();
      open.add(from);
      while (!open.isEmpty()) {
        int node = open.remove();
        int first = network.first(node);
        int step = network.step(node);
        int end = first + network.cells(node) * step;
        for (int c = first; c < end; c += step) {
          if (c == cell || !withheld.get(c)) {
            continue;
          }
          boolean along = network.tail(c) == node;
          int next = along ? network.head(c) : network.tail(c);
          if (next == from || via[next] >= 0) {
            continue;
          }
          if (!full(c, along)) {
            via[next] = c;
            if (next == to || joins(next, to)) {
              return true;
            }
            open.add(next);
          }
        }
      }
      return false;
    }

    private boolean full(int c, boolean growing) {
      BigDecimal room = room(c, growing);
      return room != null && room.signum() == 0;
    }

    /** Whether the cell that two lines have in common leads there, which spares going through. */
    private boolean joins(int node, int to) {
      if (network.columns() == 1 || node < network.rows() == to < network.rows()) {
        return false;
      }
      int c = Math.min(node, to) * network.columns() + Math.max(node, to) - network.rows();
      if (c == cell || !withheld.get(c) || full(c, network.tail(c) == node)) {
        return false;
      }
      via[to] = c;
      return true;
    }
  }
}
