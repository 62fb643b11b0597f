package io.vesta.approval.lint;

/**
 * A place in the text as it was given.
 *
 * @param start where it begins
 * @param end where it ends, exclusive; equal to the start for something that is missing
 * @param note what there is to say about this place beyond the rule's reason; often empty
 */
record Span(int start, int end, String note) {

  /** Stands for the whole message. */
  static final Span MESSAGE = new Span(0, 0, "");

  Span(int start, int end) {
    this(start, end, "");
  }
}
