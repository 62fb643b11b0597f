/** The error codes of identity. */
@NullMarked
package io.vesta.identity;

import org.jspecify.annotations.NullMarked;
