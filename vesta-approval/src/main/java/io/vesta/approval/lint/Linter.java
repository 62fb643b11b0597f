package io.vesta.approval.lint;

/** Applies rule packs to texts. Deterministic and thread-safe; calls no model and no network. */
public interface Linter {

  /**
   * Applies every rule that is in force.
   *
   * @param input the text and what is known about it
   * @return the findings; never null
   */
  LintReport lint(LintInput input);
}
