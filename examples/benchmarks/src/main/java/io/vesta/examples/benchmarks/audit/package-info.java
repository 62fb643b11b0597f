/** What recording, sequencing, verifying and erasing cost, beside the peers. */
@NullMarked
package io.vesta.examples.benchmarks.audit;

import org.jspecify.annotations.NullMarked;
