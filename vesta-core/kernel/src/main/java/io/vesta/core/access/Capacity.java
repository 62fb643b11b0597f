package io.vesta.core.access;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The role in which somebody acts now. A person may hold several dated grants; the capacity says
 * which of them an act relies on, and is recorded with it. It gives no authority by itself: the
 * authorizer looks for a live grant of the role.
 *
 * @param role the role's name: upper-case letters, digits and underscores, at most 64
 */
public record Capacity(String role) {

  private static final Pattern ROLE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  /** Runs accounts, configuration and integrations; not a supervisor of client data. */
  public static final Capacity ADMIN = new Capacity("ADMIN");

  /** Answers for the firm. */
  public static final Capacity BROKER = new Capacity("BROKER");

  /** Supervises a team. */
  public static final Capacity TEAM_LEAD = new Capacity("TEAM_LEAD");

  /** A licensee doing their own work. */
  public static final Capacity AGENT = new Capacity("AGENT");

  /** Checks the name's shape. */
  public Capacity {
    Objects.requireNonNull(role, "role");
    if (!ROLE.matcher(role).matches()) {
      throw VestaException.invalid(
          "capacity",
          "a text of " + role.length() + " characters outside the allowed form",
          "use upper-case letters, digits and underscores, such as TEAM_LEAD");
    }
    // Equal words are one String, so that comparing them looks at no character.
    role = role.intern();
  }
}
