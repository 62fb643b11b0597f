/** Who we are to a provider, and tokens that we get in our own name. */
@NullMarked
package io.vesta.identity.client;

import org.jspecify.annotations.NullMarked;
