/**
 * Safe release beside bare aggregation, protection by size, and the nth release beside the first.
 */
@NullMarked
package io.vesta.examples.benchmarks.proof;

import org.jspecify.annotations.NullMarked;
