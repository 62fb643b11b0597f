/** The artifact's Guice module. */
@NullMarked
package io.vesta.audit.guice;

import org.jspecify.annotations.NullMarked;
