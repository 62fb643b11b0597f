package io.vesta.proof.protect;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds which further cells must be withheld, so that none of the unsafe ones follows from what
 * stays visible.
 *
 * <p>A table with its totals is a network: each line is a node at which what flows in equals what
 * flows out, and each cell is an arc from one line to another (Cox 1995; Gusfield 1988 for the test
 * by bridges). Somebody who knows every visible cell can move the withheld ones only along cycles
 * of withheld arcs. So a withheld cell is protected exactly if a cycle of withheld arcs runs
 * through it along which each cell can still grow, or shrink without becoming negative; the cycle
 * is its witness. This is the bridge test, made stricter by the attacker's knowledge that nothing
 * is negative, and it needs neither arithmetic nor tolerance.
 *
 * <p>An unsafe cell needs more than that: in each quantity it must be able to lie further from zero
 * by its level. A cycle in which every shrinking cell has that much is a witness; where no single
 * cycle has, several together may, which a maximum flow tells exactly.
 *
 * <p>Whoever knows a line's total also knows the sum of its withheld cells; that sum must be safe
 * by itself, or more of the line is withheld and protected.
 *
 * <p>Not guaranteed: that sums of withheld cells from several lines are safe.
 */
final class Suppression {

  /**
   * The table as a network. Cells are numbered by row, {@code row * columns + column}; the last row
   * and the last column are totals. With one column it is a list whose last entry is the total.
   *
   * @param rows lines from top to bottom
   * @param columns lines from left to right
   * @param never cells that are not published at all, such as overlaps
   * @param negative cells of which everybody knows that they are not above zero, such as overlaps;
   *     all others are not below it
   * @param values per quantity the value of each cell
   * @param cost per cell, at least 1, what is lost if it is withheld
   * @param unsafe whether the sum of some cells says too much about few
   * @param levels per quantity how far from its value it must be possible to place a cell; above
   *     zero
   */
  record Network(
      int rows,
      int columns,
      BitSet never,
      BitSet negative,
      List<BigDecimal[]> values,
      IntToLongFunction cost,
      Predicate<int[]> unsafe,
      IntFunction<List<BigDecimal>> levels) {

    int size() {
      return rows * columns;
    }

    private int rowNode(int cell) {
      // A list has no row equations: all its cells run between the same two nodes.
      return columns == 1 ? rows - 1 : cell / columns;
    }

    private int columnNode(int cell) {
      return rows + cell % columns;
    }

    /** The node from which a growing cell takes. */
    int tail(int cell) {
      boolean rowTotal = cell / columns == rows - 1;
      boolean columnTotal = cell % columns == columns - 1;
      return rowTotal == columnTotal ? rowNode(cell) : columnNode(cell);
    }

    int head(int cell) {
      return rowNode(cell) + columnNode(cell) - tail(cell);
    }

    /** The first cell of a line. */
    int first(int node) {
      return node >= rows ? node - rows : columns > 1 ? node * columns : 0;
    }

    /** How far the cells of a line are from one another. */
    int step(int node) {
      return node >= rows ? columns : 1;
    }

    /** How many cells a line has. */
    int cells(int node) {
      // The cells of a list run between the last row's node and the column's.
      return node >= rows ? rows : columns > 1 ? columns : node == rows - 1 ? rows : 0;
    }

    /** The cells of a line, ascending. */
    int[] cellsAt(int node) {
      return IntStream.range(0, cells(node)).map(i -> first(node) + i * step(node)).toArray();
    }

    /**
     * Whether a cell can move.
     *
     * @param far how much in each quantity; null for a little in all of them
     */
    boolean moves(int cell, boolean growing, @Nullable List<BigDecimal> far) {
      if (negative.get(cell) != growing) {
        return true;
      }
      for (int q = 0; q < values.size(); q++) {
        BigDecimal room = values.get(q)[cell];
        if (far == null ? room.signum() == 0 : room.abs().compareTo(far.get(q)) < 0) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * More unknowns in one system of equations are not solved but rolled up: the work grows faster
   * than they do, and where so much hangs together little would be left to see.
   */
  static final int MOST_TOGETHER = 5_000;

  private final Network network;
  private final int[][] cellsAt;
  private final BitSet withheld;
  private final BitSet targets;

  /** Per withheld cell the cells that let it move; the cell itself may be left out of the set. */
  private final Map<Integer, BitSet> witnesses = new TreeMap<>();

  private Suppression(Network network, BitSet withheld, BitSet targets) {
    this.network = network;
    this.withheld = withheld;
    this.targets = targets;
    cellsAt =
        IntStream.range(0, network.rows() + network.columns())
            .mapToObj(network::cellsAt)
            .toArray(int[][]::new);
  }

  /**
   * What is decided about a table.
   *
   * @param withheld a superset of the unsafe and the never published cells
   * @param targets the cells that need protection, all of them withheld
   */
  record Verdict(BitSet withheld, BitSet targets) {}

  /**
   * The cells to withhold: all of them if nothing else closes the gaps, or if more unsafe cells
   * hang together than {@link #MOST_TOGETHER}.
   */
  static Verdict withhold(Network network) {
    return withhold(network, MOST_TOGETHER);
  }

  /**
   * The cells to withhold.
   *
   * @param mostTogether how many unsafe cells may hang together by common lines
   */
  static Verdict withhold(Network network, int mostTogether) {
    BitSet unsafe = new BitSet();
    for (int cell = 0; cell < network.size(); cell++) {
      unsafe.set(cell, network.unsafe().test(new int[] {cell}));
    }
    BitSet withheld = (BitSet) unsafe.clone();
    withheld.or(network.never());
    Suppression suppression = new Suppression(network, withheld, unsafe);
    if (together(network, unsafe) <= mostTogether && suppression.secure()) {
      suppression.prune();
    } else {
      // The table is too fine for its rows and shows nothing, so that it is rolled up if it can be.
      withheld.set(0, network.size());
    }
    return new Verdict(withheld, unsafe);
  }

  /** How many of some cells hang together by common lines, at most. */
  static int together(Network network, BitSet cells) {
    int[] parent = IntStream.range(0, network.rows() + network.columns()).toArray();
    cells.stream()
        .forEach(
            cell -> parent[root(parent, network.head(cell))] = root(parent, network.tail(cell)));
    Map<Integer, Integer> sizes = new TreeMap<>();
    cells.stream().forEach(cell -> sizes.merge(root(parent, network.head(cell)), 1, Integer::sum));
    return sizes.values().stream().max(Comparator.naturalOrder()).orElse(0);
  }

  private static int root(int[] parent, int node) {
    int root = node;
    while (parent[root] != root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  }

  /** Those of the given withheld cells that can be computed from the visible ones. */
  static BitSet recoverable(Network network, BitSet withheld) {
    Suppression suppression =
        new Suppression(network, (BitSet) withheld.clone(), (BitSet) withheld.clone());
    BitSet recoverable = new BitSet();
    withheld.stream()
        .filter(cell -> suppression.cheapestCycle(cell, null, false) == null)
        .forEach(recoverable::set);
    return recoverable;
  }

  /** Withholds until every target has a witness and every line's withheld sum is safe. */
  private boolean secure() {
    boolean settled = false;
    while (!settled) {
      settled = true;
      for (int cell = targets.nextSetBit(0); cell >= 0; cell = targets.nextSetBit(cell + 1)) {
        if (!witnesses.containsKey(cell)) {
          BitSet freeing = freeing(cell);
          BitSet cycle =
              freeing == null ? cheapestCycle(cell, network.levels().apply(cell), true) : freeing;
          if (cycle == null) {
            return false;
          }
          withheld.or(cycle);
          cycle.set(cell);
          witnesses.put(cell, cycle);
          cycle.stream().filter(c -> !targets.get(c)).forEach(c -> witnesses.putIfAbsent(c, cycle));
          settled = false;
        }
      }
      for (int node = 0; node < cellsAt.length; node++) {
        if (exposes(node)) {
          // One more cell makes the sum safe only as long as that cell itself stays unknown.
          int more = cheapestVisible(node);
          withheld.set(more);
          targets.set(more);
          witnesses.remove(more);
          settled = false;
        }
      }
    }
    return true;
  }

  /** The cell that holds the sum of a line; -1 for the node of a list that has no cells. */
  private int total(int node) {
    boolean row = node < network.rows();
    if (row && network.columns() == 1) {
      return -1;
    }
    return row
        ? node * network.columns() + network.columns() - 1
        : (network.rows() - 1) * network.columns() + node - network.rows();
  }

  /** Whether the sum of what is unknown in a line is known and unsafe. */
  private boolean exposes(int node) {
    int total = total(node);
    if (total < 0 || !known(total)) {
      return false;
    }
    int[] unknown = Arrays.stream(cellsAt[node]).filter(c -> c != total && !known(c)).toArray();
    return unknown.length > 0 && network.unsafe().test(unknown);
  }

  /**
   * Whether the attacker has a cell's value; an overlap that needs no protection may be computed.
   */
  private boolean known(int cell) {
    return !withheld.get(cell)
        || (network.never().get(cell)
            && !targets.get(cell)
            && cheapestCycle(cell, null, false) == null);
  }

  private int cheapestVisible(int node) {
    int total = total(node);
    return Arrays.stream(cellsAt[node])
        .filter(c -> c != total && !withheld.get(c))
        .boxed()
        .min(Comparator.comparingLong(c -> network.cost().applyAsLong(c)))
        .orElse(total);
  }

  /** Shows again what turned out not to be needed, the dearest first. */
  private void prune() {
    BitSet spare = (BitSet) withheld.clone();
    spare.andNot(targets);
    spare.andNot(network.never());
    List<Integer> dearest = new ArrayList<>(spare.stream().boxed().toList());
    dearest.sort(Comparator.comparingLong((Integer c) -> network.cost().applyAsLong(c)).reversed());
    for (int cell : dearest) {
      if (withheld.get(cell)) {
        BitSet withheldBefore = (BitSet) withheld.clone();
        Map<Integer, BitSet> witnessesBefore = new TreeMap<>(witnesses);
        if (!show(cell)) {
          withheld.or(withheldBefore);
          witnesses.putAll(witnessesBefore);
        }
      }
    }
  }

  /** Shows a cell and whatever else is known then; false if a target would be among it. */
  private boolean show(int cell) {
    BitSet shown = new BitSet();
    shown.set(cell);
    withheld.clear(cell);
    witnesses.remove(cell);
    boolean settled = false;
    while (!settled) {
      settled = true;
      for (int other : List.copyOf(witnesses.keySet())) {
        if (Objects.requireNonNull(witnesses.get(other)).intersects(shown)) {
          BitSet cycle = targets.get(other) ? freeing(other) : cheapestCycle(other, null, false);
          if (cycle != null) {
            witnesses.put(other, cycle);
          } else if (targets.get(other)) {
            return false;
          } else {
            // Withholding it no longer hides anything; an overlap is not printed all the same.
            witnesses.remove(other);
            shown.set(other);
            withheld.set(other, network.never().get(other));
            settled = false;
          }
        }
      }
    }
    return IntStream.range(0, cellsAt.length).noneMatch(this::exposes);
  }

  /** Withheld cells that together let a target move by its levels; null if there are none. */
  private @Nullable BitSet freeing(int cell) {
    List<BigDecimal> levels = network.levels().apply(cell);
    BitSet cycle = cheapestCycle(cell, levels, false);
    if (cycle != null) {
      return cycle;
    }
    BitSet together = new BitSet();
    for (int q = 0; q < levels.size(); q++) {
      Flow flow = Flow.of(network, withheld, cell, q, !network.negative().get(cell), levels.get(q));
      if (flow.far() == null || flow.far().compareTo(levels.get(q)) < 0) {
        return null;
      }
      flow.changes().keySet().forEach(together::set);
    }
    return together;
  }

  /**
   * The rest of the cheapest cycle through a cell.
   *
   * @param levels how far it must let the cell move away from zero, per quantity; null for a little
   *     in either direction
   * @param mayWithhold whether visible cells may be withheld for it, at their cost
   * @return null if there is none
   */
  private @Nullable BitSet cheapestCycle(
      int cell, @Nullable List<BigDecimal> levels, boolean mayWithhold) {
    Path best = null;
    boolean outward = !network.negative().get(cell);
    for (boolean growing : new boolean[] {true, false}) {
      if (levels == null ? network.moves(cell, growing, null) : growing == outward) {
        Path path =
            growing
                ? path(network.head(cell), network.tail(cell), cell, levels, mayWithhold)
                : path(network.tail(cell), network.head(cell), cell, levels, mayWithhold);
        if (best == null || (path != null && path.cost < best.cost)) {
          best = path;
        }
      }
    }
    return best == null ? null : best.cells;
  }

  private record Path(long cost, BitSet cells) {}

  private record Step(long cost, int node) {}

  /** Dijkstra's shortest path that does not use one cell. */
  private @Nullable Path path(
      int from, int to, int without, @Nullable List<BigDecimal> levels, boolean mayWithhold) {
    long[] distance = new long[cellsAt.length];
    int[] via = new int[cellsAt.length];
    Arrays.fill(distance, Long.MAX_VALUE);
    distance[from] = 0;
    PriorityQueue<Step> open =
        new PriorityQueue<>(Comparator.comparingLong(Step::cost).thenComparingInt(Step::node));
    open.add(new Step(0, from));
    for (Step step = open.poll(); step != null && step.node != to; step = open.poll()) {
      if (step.cost > distance[step.node]) {
        continue;
      }
      for (int cell : cellsAt[step.node]) {
        boolean hidden = withheld.get(cell);
        boolean along = network.tail(cell) == step.node;
        if (cell == without || !(hidden || mayWithhold) || !network.moves(cell, along, levels)) {
          continue;
        }
        int next = along ? network.head(cell) : network.tail(cell);
        long cost = step.cost + (hidden ? 0 : network.cost().applyAsLong(cell));
        if (cost < distance[next]) {
          distance[next] = cost;
          via[next] = cell;
          open.add(new Step(cost, next));
        }
      }
    }
    if (distance[to] == Long.MAX_VALUE) {
      return null;
    }
    BitSet cells = new BitSet();
    for (int node = to; node != from; ) {
      cells.set(via[node]);
      node = network.head(via[node]) + network.tail(via[node]) - node;
    }
    return new Path(distance[to], cells);
  }
}
