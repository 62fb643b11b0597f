/** Signed packages: what a release says of itself, its signature, and how anybody checks both. */
@NullMarked
package io.vesta.proof.signed;

import org.jspecify.annotations.NullMarked;
