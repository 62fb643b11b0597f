/** Approval beside workflow engines and schedulers: approving, sending, the queue, the gate. */
@NullMarked
package io.vesta.examples.benchmarks.approval;

import org.jspecify.annotations.NullMarked;
