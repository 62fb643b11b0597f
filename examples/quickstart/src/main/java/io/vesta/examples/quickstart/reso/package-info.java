/** Reads RESO-shaped CSV files; bad rows are reported by line and column and skipped. */
@NullMarked
package io.vesta.examples.quickstart.reso;

import org.jspecify.annotations.NullMarked;
