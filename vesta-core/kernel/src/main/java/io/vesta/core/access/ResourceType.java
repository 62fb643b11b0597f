package io.vesta.core.access;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A kind of thing that the policy speaks of (AuthZEN 1.0 {@code resource.type}).
 *
 * @param name a letter, then at most 63 letters or digits
 */
public record ResourceType(String name) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,63}");

  /** A person known to a member. */
  public static final ResourceType CONTACT = new ResourceType("Contact");

  /** A property offered. */
  public static final ResourceType LISTING = new ResourceType("Listing");

  /** The paperwork of one sale. */
  public static final ResourceType TRANSACTION = new ResourceType("Transaction");

  /** A conversation with a contact. */
  public static final ResourceType THREAD = new ResourceType("Thread");

  /** A proposed outbound message. */
  public static final ResourceType DRAFT = new ResourceType("Draft");

  /** An entry of the audit log. */
  public static final ResourceType AUDIT_ENTRY = new ResourceType("AuditEntry");

  /** A public statistic. */
  public static final ResourceType PROOF_CLAIM = new ResourceType("ProofClaim");

  /** Checks the name's shape. */
  public ResourceType {
    Objects.requireNonNull(name, "name");
    if (!NAME.matcher(name).matches()) {
      throw VestaException.invalid(
          "resource type",
          "a text of " + name.length() + " characters outside the allowed form",
          "use a letter, then letters or digits, such as Contact");
    }
    // Equal words are one String, so that comparing them looks at no character.
    name = name.intern();
  }
}
