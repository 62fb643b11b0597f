/** The error codes of what the public may see. */
@NullMarked
package io.vesta.proof;

import org.jspecify.annotations.NullMarked;
