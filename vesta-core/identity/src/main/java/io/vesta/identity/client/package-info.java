/** Who we are to a provider. */
@NullMarked
package io.vesta.identity.client;

import org.jspecify.annotations.NullMarked;
