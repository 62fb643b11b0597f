/** Secrets that do not print, and the SPI that supplies them. */
@NullMarked
package io.vesta.core.secret;

import org.jspecify.annotations.NullMarked;
