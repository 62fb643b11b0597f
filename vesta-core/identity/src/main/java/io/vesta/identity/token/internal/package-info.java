/** The strict gate before the cryptography and the claim policy after it; not for hosts. */
@NullMarked
package io.vesta.identity.token.internal;

import org.jspecify.annotations.NullMarked;
