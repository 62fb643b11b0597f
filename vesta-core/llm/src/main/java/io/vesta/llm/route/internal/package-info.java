/** Reads route files. */
@NullMarked
package io.vesta.llm.route.internal;

import org.jspecify.annotations.NullMarked;
