/** Memory outside the log's own database: who remembers what was signed. */
@NullMarked
package io.vesta.audit.witness;

import org.jspecify.annotations.NullMarked;
