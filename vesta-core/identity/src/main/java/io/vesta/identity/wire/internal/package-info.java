/** What comes over the wire, bounded and strict; not for hosts. */
@NullMarked
package io.vesta.identity.wire.internal;

import org.jspecify.annotations.NullMarked;
