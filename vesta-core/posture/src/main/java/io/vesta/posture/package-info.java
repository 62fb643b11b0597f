/**
 * Release sign-off. {@code check} says what a check is and what it may answer; {@code secrets},
 * {@code listen} and {@code files} look; {@code signoff} runs checks and decides.
 */
@NullMarked
package io.vesta.posture;

import org.jspecify.annotations.NullMarked;
