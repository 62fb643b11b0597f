/**
 * The plug-in contract: descriptors, SPI factories and the registry that refuses what does not fit.
 */
@NullMarked
package io.vesta.core.plugin;

import org.jspecify.annotations.NullMarked;
