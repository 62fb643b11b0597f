/** The grouping of a table by SQL; not for hosts. */
@NullMarked
package io.vesta.proof.cells.internal;

import org.jspecify.annotations.NullMarked;
