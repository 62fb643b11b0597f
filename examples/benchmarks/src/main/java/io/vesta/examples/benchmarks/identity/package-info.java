/** What a token costs before it is believed, and a sealed one before it is used. */
@NullMarked
package io.vesta.examples.benchmarks.identity;

import org.jspecify.annotations.NullMarked;
