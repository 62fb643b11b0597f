/** The log of each brokerage: append, sequence, query and check against the tree. */
@NullMarked
package io.vesta.audit.log;

import org.jspecify.annotations.NullMarked;
