/**
 * What a host hands over, and typed configuration records bound from properties and validated at
 * start.
 */
@NullMarked
package io.vesta.core.config;

import org.jspecify.annotations.NullMarked;
