/** Tokens that were verified, and what verifies them. */
@NullMarked
package io.vesta.identity.token;

import org.jspecify.annotations.NullMarked;
