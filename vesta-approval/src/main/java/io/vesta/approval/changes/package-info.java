/** What differs between two texts: {@link io.vesta.approval.changes.Changes}. */
@NullMarked
package io.vesta.approval.changes;

import org.jspecify.annotations.NullMarked;
