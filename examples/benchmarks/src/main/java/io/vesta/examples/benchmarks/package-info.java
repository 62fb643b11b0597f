/** What every benchmark here shares: a real server, and a table of what was measured. */
@NullMarked
package io.vesta.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
