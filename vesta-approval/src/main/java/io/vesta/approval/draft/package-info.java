/** A draft as it stands: content, context, terms, approvals and dispatch. */
@NullMarked
package io.vesta.approval.draft;

import org.jspecify.annotations.NullMarked;
