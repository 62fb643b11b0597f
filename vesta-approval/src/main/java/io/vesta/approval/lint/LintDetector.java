package io.vesta.approval.lint;

import java.util.List;

/**
 * SPI: a host's or a plug-in's own way to look at a text, such as a classifier. A rule of a pack
 * names it by {@code {"detector": "name"}}; the shipped packs name none and call no model.
 *
 * <p><b>Contract.</b> Called by many threads at once, once per text and rule while the rule
 * applies, and once per example when the pack is loaded. It answers within the time that the host
 * gives a review screen, keeps nothing of the text, and gives the same answer to the same input as
 * long as its name is the same. What it throws, and a place outside of the text, count as a finding
 * of at least {@link Verdict#REVIEW}: a detector that is broken lets nothing through.
 */
public interface LintDetector {

  /** How rules name it; constant, never null. */
  String name();

  /**
   * Looks at a text.
   *
   * @param input the text and what is known about it
   * @return the places that the rule is about; empty for none, never null
   */
  List<Place> find(LintInput input);

  /**
   * A place in {@link LintInput#text}, in UTF-16 units.
   *
   * @param start where it begins, 0 or more
   * @param end where it ends, exclusive; equal to the start for something that is missing
   */
  record Place(int start, int end) {}
}
