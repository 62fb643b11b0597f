package io.vesta.approval.gate.internal;

import io.vesta.approval.changes.Changes;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.metrics.ApprovalMetrics;
import io.vesta.approval.metrics.Figure;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.DraftState;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the host's meters what moved; costs nothing if there are none. Thread-safe. */
public final class Observed {

  private static final Logger LOG = LoggerFactory.getLogger(Observed.class);
  private static final double MILLIS = 1000;

  private final Optional<ApprovalMetrics> metrics;
  private final Clock clock;

  /** Tells meters, if there are any. */
  public Observed(Optional<ApprovalMetrics> metrics, Clock clock) {
    this.metrics = Objects.requireNonNull(metrics, "metrics");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Tells of a move that was made. */
  void moved(Draft before, Draft after, DraftEvent event) {
    Content content = before.content();
    if (metrics.isEmpty() || content == null) {
      return;
    }
    ApprovalMetrics.Labels labels =
        new ApprovalMetrics.Labels(
            after.attribution().owner(),
            after.channel(),
            after.context().versions().getOrDefault("template", ""));
    boolean approved = event == DraftEvent.APPROVE && after.state() == DraftState.APPROVED;
    if (approved || event == DraftEvent.SKIP) {
      Duration taken = Duration.between(content.writtenAt(), clock.instant());
      tell(Figure.DECISION_SECONDS, labels, Math.max(taken.toMillis(), 0) / MILLIS);
    }
    if (event == DraftEvent.EDIT) {
      tell(Figure.EDIT_DISTANCE, labels, distance(content, after));
    }
    switch (after.state()) {
      case SENT ->
          tell(
              content.envelope().revision() == 1 ? Figure.SENT_AS_IS : Figure.SENT_CHANGED,
              labels,
              1);
      case SKIPPED -> tell(Figure.SKIPPED, labels, 1);
      case EXPIRED -> tell(Figure.EXPIRED, labels, 1);
      case UNKNOWN -> tell(Figure.UNKNOWN, labels, 1);
      default -> {
        if (event == DraftEvent.EXEMPT) {
          tell(Figure.EXEMPTED, labels, 1);
        }
      }
    }
  }

  private static double distance(Content before, Draft after) {
    Envelope now = after.written().orElseThrow().envelope();
    return Changes.between(text(before.envelope()), text(now)).distance();
  }

  private static String text(Envelope envelope) {
    return envelope.subject() + "\n" + envelope.body();
  }

  private void tell(Figure figure, ApprovalMetrics.Labels labels, double value) {
    try {
      metrics.ifPresent(meters -> meters.observe(figure, labels, value));
    } catch (RuntimeException e) {
      LOG.warn("The host's meters threw {}", e.getClass().getName());
    }
  }
}
