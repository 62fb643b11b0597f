/** What happened, provably: the artifact's error codes. */
@NullMarked
package io.vesta.audit;

import org.jspecify.annotations.NullMarked;
