package io.vesta.rbac.policy;

import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.RbacError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Who may do what: a versioned set of rules. Immutable. The form is described by the JSON Schema
 * {@code policy.schema.json} beside this class; a policy that loads can be decided, filtered and
 * explained in full, because nothing else can be written in it.
 *
 * <p>The brokerage is no part of a policy: decisions and filters are bound to it before any rule is
 * looked at.
 */
public final class Policy {

  private final String name;
  private final Set<Capacity> roles;
  private final List<Rule> rules;
  private final Set<BotCapability> botCapabilities;
  private final String version;

  /**
   * What a bot may do for a member who may do it.
   *
   * @param type the type of record
   * @param action the action
   */
  public record BotCapability(ResourceType type, Action action) {}

  Policy(
      String name,
      Set<Capacity> roles,
      List<Rule> rules,
      Set<BotCapability> botCapabilities,
      String version) {
    this.name = name;
    this.roles = Set.copyOf(roles);
    this.rules = List.copyOf(rules);
    this.botCapabilities = Set.copyOf(botCapabilities);
    this.version = version;
  }

  /**
   * Loads a policy with the default contact privacy.
   *
   * @param json the document
   * @throws PolicyInvalid with every fault and its place
   */
  public static Policy load(String json) {
    return load(json, ContactPrivacy.PRIVATE_UNTIL_TRANSACTION);
  }

  /**
   * Loads a policy.
   *
   * @param json the document
   * @param privacy which of the rules that are marked with presets are taken
   * @throws PolicyInvalid with every fault and its place
   */
  public static Policy load(String json, ContactPrivacy privacy) {
    return new PolicyReader(privacy).read(json);
  }

  /** The shipped policy of a brokerage with the default contact privacy. */
  public static Policy defaults() {
    return defaults(ContactPrivacy.PRIVATE_UNTIL_TRANSACTION);
  }

  /** The shipped policy of a brokerage. */
  public static Policy defaults(ContactPrivacy privacy) {
    try (InputStream in = Policy.class.getResourceAsStream("default-policy.json")) {
      byte[] json = Objects.requireNonNull(in, "default-policy.json").readAllBytes();
      return load(new String(json, StandardCharsets.UTF_8), privacy);
    } catch (IOException e) {
      throw new VestaException(RbacError.POLICY_INVALID, "default-policy.json cannot be read", e);
    }
  }

  /** What the policy calls itself; never null. */
  public String name() {
    return name;
  }

  /** The roles that it knows; never null. */
  public Set<Capacity> roles() {
    return roles;
  }

  /** The rules in the order of the document; never null. */
  public List<Rule> rules() {
    return rules;
  }

  /** What bots may do for members who may do it; never null. */
  public Set<BotCapability> botCapabilities() {
    return botCapabilities;
  }

  /**
   * The SHA-256 of the document and the preset, 64 hexadecimal digits: equal for policies that
   * differ in layout alone.
   */
  public String version() {
    return version;
  }
}
