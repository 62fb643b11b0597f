/**
 * Draft lint: dated rule packs and the detectors that apply them to a text before and after review.
 *
 * <p>"No listed rule matched" is the best that a draft gets ({@link
 * io.vesta.approval.lint.Verdict#PASS}); it is never a statement that a text complies with the law.
 * The rules are drafting aids in our own words, each with its source, its dates and how certain it
 * is; they are not legal advice, and a broker's counsel has to review them before anybody relies on
 * them.
 */
@NullMarked
package io.vesta.approval.lint;

import org.jspecify.annotations.NullMarked;
