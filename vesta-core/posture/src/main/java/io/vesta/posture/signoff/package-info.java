/** Runs checks, decides, and signs what was decided for which artifacts. */
@NullMarked
package io.vesta.posture.signoff;

import org.jspecify.annotations.NullMarked;
