/** Values about persons beside the log, under keys that can be destroyed. */
@NullMarked
package io.vesta.audit.vault;

import org.jspecify.annotations.NullMarked;
