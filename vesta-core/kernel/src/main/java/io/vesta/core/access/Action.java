package io.vesta.core.access;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What somebody wants to do to a resource (AuthZEN 1.0 {@code action.name}).
 *
 * @param name lower-case letters, digits and underscores, at most 64
 */
public record Action(String name) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");

  /** See a single record, a row of a list, a count, a search hit or an export line. */
  public static final Action READ = new Action("read");

  /** Make a new record. */
  public static final Action CREATE = new Action("create");

  /** Change a record. */
  public static final Action UPDATE = new Action("update");

  /** Approve, edit or skip a draft. */
  public static final Action DECIDE = new Action("decide");

  /** Have an approved draft delivered. */
  public static final Action SEND = new Action("send");

  /** Take records out in bulk. */
  public static final Action EXPORT = new Action("export");

  /** Make an approved claim public. */
  public static final Action PUBLISH = new Action("publish");

  /** Checks the name's shape. */
  public Action {
    Objects.requireNonNull(name, "name");
    if (!NAME.matcher(name).matches()) {
      throw VestaException.invalid(
          "action name",
          "a text of " + name.length() + " characters outside the allowed form",
          "use lower-case letters, digits and underscores, such as read");
    }
    // Equal words are one String, so that comparing them looks at no character.
    name = name.intern();
  }
}
