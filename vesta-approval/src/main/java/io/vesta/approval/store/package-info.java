/** The SPI that keeps drafts and their approvals: {@link io.vesta.approval.store.DraftStore}. */
@NullMarked
package io.vesta.approval.store;

import org.jspecify.annotations.NullMarked;
