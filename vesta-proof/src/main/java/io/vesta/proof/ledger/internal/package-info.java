/** The built-in ledger; not for hosts. */
@NullMarked
package io.vesta.proof.ledger.internal;

import org.jspecify.annotations.NullMarked;
