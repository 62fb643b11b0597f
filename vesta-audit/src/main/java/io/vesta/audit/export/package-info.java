/** A log as files that outsiders can verify. */
@NullMarked
package io.vesta.audit.export;

import org.jspecify.annotations.NullMarked;
