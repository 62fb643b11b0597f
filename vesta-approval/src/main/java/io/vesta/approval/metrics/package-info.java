/** What hosts count of approvals: the port {@link io.vesta.approval.metrics.ApprovalMetrics}. */
@NullMarked
package io.vesta.approval.metrics;

import org.jspecify.annotations.NullMarked;
