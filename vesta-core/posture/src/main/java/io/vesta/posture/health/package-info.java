/** Whether what a release stands on is up. */
@NullMarked
package io.vesta.posture.health;

import org.jspecify.annotations.NullMarked;
