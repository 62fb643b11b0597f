/** The publisher and its ledger; not for hosts. */
@NullMarked
package io.vesta.proof.publish.internal;

import org.jspecify.annotations.NullMarked;
