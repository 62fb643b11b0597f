/** What was ever published, as a store that others may implement. */
@NullMarked
package io.vesta.proof.ledger;

import org.jspecify.annotations.NullMarked;
