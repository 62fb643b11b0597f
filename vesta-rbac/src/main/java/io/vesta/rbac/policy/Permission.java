package io.vesta.rbac.policy;

import io.vesta.core.access.Action;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import java.util.Objects;

/**
 * An action on a type of record, without saying on which records.
 *
 * @param type the type of record
 * @param action the action
 */
public record Permission(ResourceType type, Action action) {

  /** Checks presence. */
  public Permission {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(action, "action");
  }

  /**
   * Reads the form {@code Draft.create}.
   *
   * @throws VestaException if it has another shape
   */
  public static Permission of(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 2) {
      throw VestaException.invalid("permission", "not of two words", "write it as Draft.create");
    }
    return new Permission(new ResourceType(parts[0]), new Action(parts[1]));
  }

  /** The form {@code Draft.create}. */
  @Override
  public String toString() {
    return type.name() + "." + action.name();
  }
}
