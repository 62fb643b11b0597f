/** Whether the data are real, whole and fresh. */
@NullMarked
package io.vesta.posture.truth;

import org.jspecify.annotations.NullMarked;
