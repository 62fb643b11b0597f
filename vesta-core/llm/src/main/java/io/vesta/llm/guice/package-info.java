/** Wires the router. */
@NullMarked
package io.vesta.llm.guice;

import org.jspecify.annotations.NullMarked;
