/** The keys that sign checkpoints. */
@NullMarked
package io.vesta.audit.key;

import org.jspecify.annotations.NullMarked;
