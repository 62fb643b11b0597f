/** The bytes of a log entry. */
@NullMarked
package io.vesta.audit.entry;

import org.jspecify.annotations.NullMarked;
