/** The module that wires the proof artifact. */
@NullMarked
package io.vesta.proof.guice;

import org.jspecify.annotations.NullMarked;
