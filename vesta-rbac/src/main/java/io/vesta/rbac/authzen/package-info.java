/** The OpenID AuthZEN Authorization API 1.0 as JSON in, JSON out; the transport is the host's. */
@NullMarked
package io.vesta.rbac.authzen;

import org.jspecify.annotations.NullMarked;
