/** The Guice module of vesta-rbac. */
@NullMarked
package io.vesta.rbac.guice;

import org.jspecify.annotations.NullMarked;
