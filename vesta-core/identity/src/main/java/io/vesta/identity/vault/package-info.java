/** Tokens as they lie in the database. */
@NullMarked
package io.vesta.identity.vault;

import org.jspecify.annotations.NullMarked;
