/**
 * The port through which every artifact tells what happened: {@link
 * io.vesta.core.audit.AuditTrail}.
 */
@NullMarked
package io.vesta.core.audit;

import org.jspecify.annotations.NullMarked;
