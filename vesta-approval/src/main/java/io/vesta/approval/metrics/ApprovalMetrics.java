package io.vesta.approval.metrics;

import io.vesta.approval.envelope.Channel;
import io.vesta.core.id.MemberId;
import java.util.Objects;

/**
 * SPI: takes what a host may want to count; none by default. A host hands it on to the meters that
 * it has; {@link Totals} only adds up.
 *
 * <p><b>Contract.</b> Thread-safe and quick: it is called within the unit of work of the act. What
 * it throws is logged by its type and harms nothing. An act whose unit of work is rolled back has
 * been told all the same: these are figures, the audit log is the record. How old the queue is, the
 * host asks {@code ReviewDesk.waiting}.
 */
@FunctionalInterface
public interface ApprovalMetrics {

  /**
   * Takes an observation.
   *
   * @param figure of what
   * @param labels of which drafts
   * @param value how much
   */
  void observe(Figure figure, Labels labels, double value);

  /**
   * Of which drafts: never of which client.
   *
   * @param owner in whose name the message is
   * @param channel by which way
   * @param template what the context calls {@code template}; empty if it names none
   */
  record Labels(MemberId owner, Channel channel, String template) {

    /** Checks presence. */
    public Labels {
      Objects.requireNonNull(owner, "owner");
      Objects.requireNonNull(channel, "channel");
      Objects.requireNonNull(template, "template");
    }
  }
}
