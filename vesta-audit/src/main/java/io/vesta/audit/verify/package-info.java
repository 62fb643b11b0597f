/** Offline verification of exports and proofs; needs the JDK alone. */
@NullMarked
package io.vesta.audit.verify;

import org.jspecify.annotations.NullMarked;
