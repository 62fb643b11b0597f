/** One act that takes all of a member's access. */
@NullMarked
package io.vesta.identity.offboarding;

import org.jspecify.annotations.NullMarked;
