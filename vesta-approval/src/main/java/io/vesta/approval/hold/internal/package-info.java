/** How messages are counted and judged at the moment of sending; not for hosts. */
@NullMarked
package io.vesta.approval.hold.internal;

import org.jspecify.annotations.NullMarked;
