/** What an access decision costs, beside the peers. */
@NullMarked
package io.vesta.examples.benchmarks.rbac;

import org.jspecify.annotations.NullMarked;
