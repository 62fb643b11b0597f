package io.vesta.approval.lint;

import java.util.List;

/**
 * SPI: a rule pack that a host or a plug-in brings, with the detectors that its rules name. A host
 * binds it to the Guice set of this type, or names a plug-in's to the builder of {@code
 * ApprovalModule}.
 *
 * <p><b>Contract.</b> Asked once, when the linter is made. The document has the form that {@code
 * pack.schema.json} beside this class describes, and is refused as a whole, with every fault at
 * once, if it has not, or if a rule does not do what its own examples say. Its rules' ids are none
 * of another pack's.
 */
public interface LintRulePack {

  /** The document in UTF-8; never null. */
  byte[] document();

  /** What its rules may name beside the built-in detectors; never null. */
  default List<LintDetector> detectors() {
    return List.of();
  }
}
