/** What Vesta.create does behind the door; not for hosts. */
@NullMarked
package io.vesta.core.internal;

import org.jspecify.annotations.NullMarked;
