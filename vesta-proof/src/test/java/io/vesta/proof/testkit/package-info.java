/** Attackers of published figures that know nothing of how the library protects them. */
@NullMarked
package io.vesta.proof.testkit;

import org.jspecify.annotations.NullMarked;
