/** The Guice module of identity. */
@NullMarked
package io.vesta.identity.guice;

import org.jspecify.annotations.NullMarked;
