/**
 * What advertising may say: sentences and badges from signed figures, and texts held against them.
 */
@NullMarked
package io.vesta.proof.claims;

import org.jspecify.annotations.NullMarked;
