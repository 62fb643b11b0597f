/** How tokens are kept and refreshed; not for hosts. */
@NullMarked
package io.vesta.identity.account.internal;

import org.jspecify.annotations.NullMarked;
