/** What listens on this machine, and whether it was declared. */
@NullMarked
package io.vesta.posture.listen;

import org.jspecify.annotations.NullMarked;
