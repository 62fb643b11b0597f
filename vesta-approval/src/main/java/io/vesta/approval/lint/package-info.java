/**
 * Draft lint: dated rule packs and the detectors that apply them to a text before and after review.
 */
@NullMarked
package io.vesta.approval.lint;

import org.jspecify.annotations.NullMarked;
