/** Tokens that we get in our own name. */
@NullMarked
package io.vesta.identity.service;

import org.jspecify.annotations.NullMarked;
