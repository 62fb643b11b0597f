/** What holds an approved message back at the moment of sending. */
@NullMarked
package io.vesta.approval.hold;

import org.jspecify.annotations.NullMarked;
