/** What may leave the log, when, and what forbids it: erasure, legal holds and pruning. */
@NullMarked
package io.vesta.audit.retention;

import org.jspecify.annotations.NullMarked;
