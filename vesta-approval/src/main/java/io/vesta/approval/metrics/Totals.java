package io.vesta.approval.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Adds up what happened since this was made, for a host without meters of its own. Thread-safe; a
 * total that is read while another thread adds may lack that addition.
 */
public final class Totals implements ApprovalMetrics {

  private record Key(Figure figure, Labels labels) {}

  private static final class Sum {
    private final LongAdder count = new LongAdder();
    private final DoubleAdder value = new DoubleAdder();
  }

  private final Map<Key, Sum> sums = new ConcurrentHashMap<>();

  /** Begins at nothing. */
  public Totals() {}

  /**
   * How much there was.
   *
   * @param count observations
   * @param value their sum
   */
  public record Total(long count, double value) {

    /** The mean; 0 if there was none. */
    public double mean() {
      return count == 0 ? 0 : value / count;
    }
  }

  @Override
  public void observe(Figure figure, Labels labels, double value) {
    Sum sum = sums.computeIfAbsent(new Key(figure, labels), none -> new Sum());
    sum.count.increment();
    sum.value.add(value);
  }

  /** Of some drafts. */
  public Total of(Figure figure, Labels labels) {
    Sum sum = sums.get(new Key(figure, labels));
    return sum == null ? new Total(0, 0) : new Total(sum.count.sum(), sum.value.sum());
  }

  /** Of all drafts. */
  public Total of(Figure figure) {
    long count = 0;
    double value = 0;
    for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
      if (entry.getKey().figure() == figure) {
        count += entry.getValue().count.sum();
        value += entry.getValue().value.sum();
      }
    }
    return new Total(count, value);
  }
}
