/**
 * What every room goes through to change a draft: transition, store and audit as one; not for
 * hosts.
 */
@NullMarked
package io.vesta.approval.gate.internal;

import org.jspecify.annotations.NullMarked;
