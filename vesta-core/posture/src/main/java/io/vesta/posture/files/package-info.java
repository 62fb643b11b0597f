/** Files whose place and permissions matter. */
@NullMarked
package io.vesta.posture.files;

import org.jspecify.annotations.NullMarked;
