package io.vesta.core.audit;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The name of something that can happen: {@code vesta.<module>.<thing>.<verb>} for ours; a host's
 * own begin with its own word.
 *
 * @param name three to six lower-case words joined by dots, at most 96 characters
 */
public record AuditAction(String name) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9_]*){2,5}");

  /** Checks the name's shape. */
  public AuditAction {
    Objects.requireNonNull(name, "name");
    if (name.length() > 96 || !NAME.matcher(name).matches()) {
      throw VestaException.invalid(
          "audit action",
          "a text of " + name.length() + " characters outside the allowed form",
          "use three to six lower-case words joined by dots, such as vesta.approval.draft.approved");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
