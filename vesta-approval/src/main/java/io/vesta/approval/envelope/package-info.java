/** What leaves, frozen to the byte: the envelope, its one encoding and its digest. */
@NullMarked
package io.vesta.approval.envelope;

import org.jspecify.annotations.NullMarked;
