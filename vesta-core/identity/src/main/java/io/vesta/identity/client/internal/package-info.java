/** Requests to token endpoints; not for hosts. */
@NullMarked
package io.vesta.identity.client.internal;

import org.jspecify.annotations.NullMarked;
