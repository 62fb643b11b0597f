/**
 * Checks the proof objects of disclosure control without trusting how they were found; needs
 * nothing but the platform.
 */
@NullMarked
package io.vesta.proof.check;

import org.jspecify.annotations.NullMarked;
