/** What the lint of a draft costs. */
@NullMarked
package io.vesta.examples.benchmarks.lint;

import org.jspecify.annotations.NullMarked;
