/** How a provider's own description of itself is read; not for hosts. */
@NullMarked
package io.vesta.identity.provider.internal;

import org.jspecify.annotations.NullMarked;
