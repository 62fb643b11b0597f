/** What a check is, and the four things that it may answer. */
@NullMarked
package io.vesta.posture.check;

import org.jspecify.annotations.NullMarked;
