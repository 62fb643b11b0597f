/**
 * The port through which every artifact asks who may do what: {@link
 * io.vesta.core.access.Authorizer}.
 */
@NullMarked
package io.vesta.core.access;

import org.jspecify.annotations.NullMarked;
