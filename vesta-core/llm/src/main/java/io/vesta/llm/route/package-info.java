/** Where a prompt may go, as data: checked when it is loaded, and named by its digest. */
@NullMarked
package io.vesta.llm.route;

import org.jspecify.annotations.NullMarked;
