/** How Vesta says no: one exception root and stable error codes. */
@NullMarked
package io.vesta.core.error;

import org.jspecify.annotations.NullMarked;
