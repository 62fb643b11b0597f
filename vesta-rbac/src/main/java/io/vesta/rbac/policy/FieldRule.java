package io.vesta.rbac.policy;

import java.util.Objects;
import java.util.Set;

/**
 * How much of some fields a role sees on the records that a rule reaches. What no field rule shows
 * is hidden.
 *
 * @param rule who sees, and on which records; its action is {@code read}
 * @param fields the names of classified fields; not empty
 * @param level how much of them
 * @param forBots whether it speaks of bots; other field rules speak of persons only
 */
public record FieldRule(Rule rule, Set<String> fields, Level level, boolean forBots) {

  /** How much of a field is seen; each level shows no less than the one before. */
  public enum Level {
    /** Nothing, not even whether there is a value. */
    NONE,
    /** That there is a value. */
    EXISTS,
    /** A form of the value from which it cannot be told. */
    MASKED,
    /** The value. */
    FULL
  }

  /** Copies. */
  public FieldRule {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(level, "level");
    fields = Set.copyOf(fields);
  }
}
