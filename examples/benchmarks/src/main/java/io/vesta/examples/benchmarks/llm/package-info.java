/** What the router adds to a provider's time. */
@NullMarked
package io.vesta.examples.benchmarks.llm;

import org.jspecify.annotations.NullMarked;
