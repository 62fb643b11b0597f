/**
 * Typed, brokerage-qualified identifiers under RESO Data Dictionary names, and references to
 * anything.
 */
@NullMarked
package io.vesta.core.id;

import org.jspecify.annotations.NullMarked;
