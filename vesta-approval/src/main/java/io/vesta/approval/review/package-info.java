/** Where people decide: {@link io.vesta.approval.review.ReviewDesk}. */
@NullMarked
package io.vesta.approval.review;

import org.jspecify.annotations.NullMarked;
