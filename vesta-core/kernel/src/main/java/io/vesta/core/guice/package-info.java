/** The kernel's Guice module. */
@NullMarked
package io.vesta.core.guice;

import org.jspecify.annotations.NullMarked;
