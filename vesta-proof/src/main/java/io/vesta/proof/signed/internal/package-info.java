/** How digests are taken and JSON is written to the byte; not for hosts. */
@NullMarked
package io.vesta.proof.signed.internal;

import org.jspecify.annotations.NullMarked;
