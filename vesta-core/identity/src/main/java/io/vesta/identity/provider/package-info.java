/** Identity providers as data. */
@NullMarked
package io.vesta.identity.provider;

import org.jspecify.annotations.NullMarked;
