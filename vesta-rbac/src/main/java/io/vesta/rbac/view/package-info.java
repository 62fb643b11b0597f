/** What is left of a record for one pair of eyes: full, masked, known to exist or hidden. */
@NullMarked
package io.vesta.rbac.view;

import org.jspecify.annotations.NullMarked;
