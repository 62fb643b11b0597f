/**
 * Disclosure control: decides which cells of a table may be shown, and alone makes released cells.
 */
@NullMarked
package io.vesta.proof.protect;

import org.jspecify.annotations.NullMarked;
