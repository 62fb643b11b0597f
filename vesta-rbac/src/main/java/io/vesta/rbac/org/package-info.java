/** Who works where, and which roles they hold when: an immutable snapshot of the organisation. */
@NullMarked
package io.vesta.rbac.org;

import org.jspecify.annotations.NullMarked;
