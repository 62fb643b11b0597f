/** The error codes of vesta-rbac; everything else lives in a room below. */
@NullMarked
package io.vesta.rbac;

import org.jspecify.annotations.NullMarked;
