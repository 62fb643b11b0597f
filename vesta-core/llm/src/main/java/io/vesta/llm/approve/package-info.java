/** Routes take effect in production when two persons said so. */
@NullMarked
package io.vesta.llm.approve;

import org.jspecify.annotations.NullMarked;
