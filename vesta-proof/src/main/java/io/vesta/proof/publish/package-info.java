/** The only way out: authority, leak scan, release ledger and audit entry before any byte. */
@NullMarked
package io.vesta.proof.publish;

import org.jspecify.annotations.NullMarked;
