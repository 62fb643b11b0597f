/** What providers tell of messages afterwards: {@link io.vesta.approval.report.DeliveryReports}. */
@NullMarked
package io.vesta.approval.report;

import org.jspecify.annotations.NullMarked;
