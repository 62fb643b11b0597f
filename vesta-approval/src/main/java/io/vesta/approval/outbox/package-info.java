/** The only way out: the gate, the permit and the channels. */
@NullMarked
package io.vesta.approval.outbox;

import org.jspecify.annotations.NullMarked;
