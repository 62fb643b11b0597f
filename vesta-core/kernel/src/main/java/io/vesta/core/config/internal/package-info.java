/** How properties become configuration records; not for hosts. */
@NullMarked
package io.vesta.core.config.internal;

import org.jspecify.annotations.NullMarked;
