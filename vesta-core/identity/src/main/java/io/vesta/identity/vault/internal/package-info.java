/** How tokens are sealed; not for hosts. */
@NullMarked
package io.vesta.identity.vault.internal;

import org.jspecify.annotations.NullMarked;
