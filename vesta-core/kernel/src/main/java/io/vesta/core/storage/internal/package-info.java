/** How units of work and schema installation are done; not for hosts. */
@NullMarked
package io.vesta.core.storage.internal;

import org.jspecify.annotations.NullMarked;
