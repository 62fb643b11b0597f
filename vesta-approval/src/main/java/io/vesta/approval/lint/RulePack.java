package io.vesta.approval.lint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * Dated rules as data; {@code pack.schema.json} beside this class describes the form. A pack loads
 * only if each of its rules flags its own must-flag examples and lets its must-pass examples
 * through. Immutable.
 *
 * <p>Rules are drafting aids with their sources and certainty, not legal advice; a broker's counsel
 * reviews them.
 */
public final class RulePack {

  private final String id;
  private final LocalDate reviewBy;
  private final List<LintRule> rules;
  private final String digest;

  RulePack(String id, LocalDate reviewBy, List<LintRule> rules, String digest) {
    this.id = id;
    this.reviewBy = reviewBy;
    this.rules = List.copyOf(rules);
    this.digest = digest;
  }

  /**
   * Loads a pack.
   *
   * @param json the document in UTF-8
   * @throws RulePackInvalid with every fault and its place
   */
  public static RulePack load(byte[] json) {
    return new RulePackReader().read(json);
  }

  /** The shipped pack of US federal rules and common brokerage practice. */
  public static RulePack usFederal() {
    try (InputStream in = RulePack.class.getResourceAsStream("us-federal.json")) {
      return load(Objects.requireNonNull(in, "us-federal.json").readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pack's id; never null. */
  public String id() {
    return id;
  }

  /** The day by which somebody has to look at the rules again; never null. */
  public LocalDate reviewBy() {
    return reviewBy;
  }

  /** The ids of its rules, in the order of the document. */
  public List<String> ruleIds() {
    return rules.stream().map(LintRule::id).toList();
  }

  /** The SHA-256 of the document's bytes, 64 hexadecimal digits. */
  public String digest() {
    return digest;
  }

  List<LintRule> rules() {
    return rules;
  }
}
