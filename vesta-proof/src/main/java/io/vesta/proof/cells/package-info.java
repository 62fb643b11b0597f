/** Rows that stay in a database, which groups them. */
@NullMarked
package io.vesta.proof.cells;

import org.jspecify.annotations.NullMarked;
