package io.vesta.approval.lint;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a detector of the host, and takes its failure as a finding. */
record HostDetector(LintDetector host) implements Detector {

  /** Says that a person has to look instead. */
  static final String FAILED = "Its detector failed, so nobody has looked.";

  private static final Logger LOG = LoggerFactory.getLogger(HostDetector.class);

  @Override
  public List<Span> find(Reading reading) {
    int length = reading.input().text().length();
    List<Span> found = new ArrayList<>();
    try {
      for (LintDetector.Place place : host.find(reading.input())) {
        if (place.start() < 0 || place.end() < place.start() || place.end() > length) {
          return failed("a place outside of the text");
        }
        if (found.size() < MOST) {
          found.add(new Span(place.start(), place.end()));
        }
      }
      return found;
    } catch (RuntimeException e) {
      // Its message may quote the text.
      return failed(e.getClass().getName());
    }
  }

  private List<Span> failed(String what) {
    LOG.warn("lint detector {} failed: {}", host.name(), what);
    return List.of(new Span(0, 0, FAILED));
  }
}
