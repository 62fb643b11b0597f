package io.vesta.rbac.policy;

import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.RbacError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Who may do what: a versioned set of rules. Immutable. The form is described by the JSON Schema
 * {@code policy.schema.json} beside this class; a policy that loads can be decided, filtered and
 * explained in full, because nothing else can be written in it. Roles, types of record, actions and
 * options are the document's own words, so a host may add its own.
 *
 * <p>The brokerage is no part of a policy: decisions and filters are bound to it before any rule is
 * looked at.
 */
public final class Policy {

  private final String name;
  private final Set<Capacity> roles;
  private final Set<Capacity> supervisors;
  private final List<Set<Capacity>> separations;
  private final Map<ResourceType, Map<String, FieldClass>> fieldClasses;
  private final List<Rule> rules;
  private final List<FieldRule> fieldRules;
  private final Set<Permission> botCapabilities;
  private final String version;

  Policy(
      String name,
      Set<Capacity> roles,
      Set<Capacity> supervisors,
      List<Set<Capacity>> separations,
      Map<ResourceType, Map<String, FieldClass>> fieldClasses,
      List<Rule> rules,
      List<FieldRule> fieldRules,
      Set<Permission> botCapabilities,
      String version) {
    this.name = name;
    this.roles = Set.copyOf(roles);
    this.supervisors = Set.copyOf(supervisors);
    this.separations = List.copyOf(separations);
    this.fieldClasses = Map.copyOf(fieldClasses);
    this.rules = List.copyOf(rules);
    this.fieldRules = List.copyOf(fieldRules);
    this.botCapabilities = Set.copyOf(botCapabilities);
    this.version = version;
  }

  /**
   * Loads a policy with the default contact privacy and no option.
   *
   * @param json the document
   * @throws PolicyInvalid with every fault and its place
   */
  public static Policy load(String json) {
    return load(json, ContactPrivacy.PRIVATE_UNTIL_TRANSACTION, Set.of());
  }

  /**
   * Loads a policy.
   *
   * @param json the document
   * @param privacy which of the rules that are marked with presets are taken
   * @param options which of the rules that are marked with options are taken, each one of the
   *     document's {@code options}
   * @throws PolicyInvalid with every fault and its place
   */
  public static Policy load(String json, ContactPrivacy privacy, Set<String> options) {
    return new PolicyReader(privacy, options).read(json);
  }

  /** The shipped policy of a brokerage with the default contact privacy and no option. */
  public static Policy defaults() {
    return defaults(ContactPrivacy.PRIVATE_UNTIL_TRANSACTION);
  }

  /** The shipped policy of a brokerage with no option. */
  public static Policy defaults(ContactPrivacy privacy) {
    return defaults(privacy, Set.of());
  }

  /**
   * The shipped policy of a brokerage.
   *
   * @param privacy who above an agent sees a contact's record
   * @param options any of {@code REDACTED_ACTIVITY} (brokers and leads see that, when and with whom
   *     an agent was in touch), and the optional roles {@code COMPLIANCE_OFFICER}, {@code
   *     TRANSACTION_COORDINATOR}, {@code ISA}, {@code MARKETING}, {@code LENDER}, {@code MENTOR},
   *     {@code REFERRAL_AGENT}; an assistant is no role but stands in for a member
   */
  public static Policy defaults(ContactPrivacy privacy, Set<String> options) {
    return load(defaultDocument(), privacy, options);
  }

  /** The shipped policy as JSON, for hosts that begin with it. */
  public static String defaultDocument() {
    try (InputStream in = Policy.class.getResourceAsStream("default-policy.json")) {
      byte[] json = Objects.requireNonNull(in, "default-policy.json").readAllBytes();
      return new String(json, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new VestaException(RbacError.POLICY_INVALID, "default-policy.json cannot be read", e);
    }
  }

  /**
   * The same without one rule or field rule, to ask what difference it makes. It has a version of
   * its own.
   *
   * @param rule the rule's id
   */
  public Policy without(String rule) {
    return new Policy(
        name,
        roles,
        supervisors,
        separations,
        fieldClasses,
        rules.stream().filter(one -> !one.id().equals(rule)).toList(),
        fieldRules.stream().filter(one -> !one.rule().id().equals(rule)).toList(),
        botCapabilities,
        PolicyReader.sha256(version + " without " + rule));
  }

  /** What the policy calls itself; never null. */
  public String name() {
    return name;
  }

  /** The roles that it knows; never null. */
  public Set<Capacity> roles() {
    return roles;
  }

  /** The roles whose holders may delegate supervision in writing; never null. */
  public Set<Capacity> supervisors() {
    return supervisors;
  }

  /** Sets of roles of which nobody may hold two at a time; never null. */
  public List<Set<Capacity>> separations() {
    return separations;
  }

  /** The classified fields of a type of record; what is not among them is hidden. Never null. */
  public Map<String, FieldClass> fieldClasses(ResourceType type) {
    return fieldClasses.getOrDefault(type, Map.of());
  }

  /** The rules in the order of the document; never null. */
  public List<Rule> rules() {
    return rules;
  }

  /** The field rules in the order of the document; never null. */
  public List<FieldRule> fieldRules() {
    return fieldRules;
  }

  /** What bots may do for members who may do it; never null. */
  public Set<Permission> botCapabilities() {
    return botCapabilities;
  }

  /**
   * The SHA-256 of the document, the preset and the options, 64 hexadecimal digits: equal for
   * policies that differ in layout alone.
   */
  public String version() {
    return version;
  }
}
