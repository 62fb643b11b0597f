/** The error codes of vesta-approval; everything else lives in a room below. */
@NullMarked
package io.vesta.approval;

import org.jspecify.annotations.NullMarked;
