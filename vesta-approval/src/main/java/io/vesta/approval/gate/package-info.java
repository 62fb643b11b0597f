/** How approvals are kept from being forged, and its configuration. */
@NullMarked
package io.vesta.approval.gate;

import org.jspecify.annotations.NullMarked;
