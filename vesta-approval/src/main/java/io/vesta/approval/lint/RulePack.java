package io.vesta.approval.lint;

import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

  private static final List<String> SHIPPED =
      List.of("us-federal", "us-california", "us-texas", "us-new-york", "us-states");

  private static final long LARGEST = 4_000_000;

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
   * Loads a pack whose rules use built-in detectors only.
   *
   * @param json the document in UTF-8
   * @throws RulePackInvalid with every fault and its place
   */
  public static RulePack load(byte[] json) {
    return load(json, List.of());
  }

  /**
   * Loads a pack whose rules may name detectors of the host.
   *
   * @param json the document in UTF-8
   * @param detectors what its rules may name; they are asked about the rules' examples
   * @throws RulePackInvalid with every fault and its place
   */
  public static RulePack load(byte[] json, List<LintDetector> detectors) {
    return new RulePackReader(detectors).read(json);
  }

  /**
   * Loads a pack of a host or a plug-in.
   *
   * @throws RulePackInvalid with every fault and its place
   */
  public static RulePack load(LintRulePack pack) {
    return load(pack.document(), pack.detectors());
  }

  /**
   * Loads a pack from a file of at most four million bytes.
   *
   * @throws RulePackInvalid with every fault and its place
   * @throws UncheckedIOException if the file cannot be read
   */
  public static RulePack load(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw VestaException.invalid(
            "rule pack", Files.size(file) + " bytes", "use at most " + LARGEST);
      }
      return load(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shipped pack of US federal rules and common brokerage practice. */
  public static RulePack usFederal() {
    return Shipped.PACKS.get(0);
  }

  /**
   * Every shipped pack: federal, California, Texas, New York with its city, and what other states
   * add. A state's rules apply where the context names the state.
   */
  public static List<RulePack> shipped() {
    return Shipped.PACKS;
  }

  /** Read when somebody asks first: a pack is immutable, and proves its examples meanwhile. */
  private static final class Shipped {
    private static final List<RulePack> PACKS = SHIPPED.stream().map(RulePack::resource).toList();
  }

  private static RulePack resource(String name) {
    try (InputStream in = RulePack.class.getResourceAsStream(name + ".json")) {
      return load(Objects.requireNonNull(in, name).readAllBytes());
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

  /**
   * Whether that day has passed (UTC). The rules go on to apply; a posture check tells that nobody
   * has looked at them.
   */
  public boolean expired(Clock clock) {
    return PackLinter.today(clock).isAfter(reviewBy);
  }

  /**
   * The ids of rules that were in force once and are no more (UTC), in the order of the document:
   * they find nothing, which somebody should know.
   */
  public List<String> lapsed(Clock clock) {
    LocalDate today = PackLinter.today(clock);
    return rules.stream()
        .filter(rule -> rule.effectiveTo() != null && today.isAfter(rule.effectiveTo()))
        .map(LintRule::id)
        .toList();
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
