/**
 * The front door: {@link io.vesta.core.Vesta} wires the artifacts for hosts that do not use Guice.
 */
@NullMarked
package io.vesta.core;

import org.jspecify.annotations.NullMarked;
