package io.vesta.identity.broken;

/** A deliberate break. */
public final class TakesPassword {
  boolean login(String name, char[] passwordOfInbox) {
    return name.length() == passwordOfInbox.length;
  }
}
