/** Login at a provider: authorization code with PKCE. */
@NullMarked
package io.vesta.identity.login;

import org.jspecify.annotations.NullMarked;
