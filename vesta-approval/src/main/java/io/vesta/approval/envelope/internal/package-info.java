/** The length-prefixed encoding; not for hosts. */
@NullMarked
package io.vesta.approval.envelope.internal;

import org.jspecify.annotations.NullMarked;
