package io.vesta.rbac.policy;

/** What kind of value a field holds; decides what its masked form looks like. */
public enum FieldClass {
  /** A person's name: masked to its first letter. */
  NAME,
  /** An e-mail address: masked to its first letter. */
  EMAIL,
  /** A telephone number: masked to its last two digits. */
  PHONE,
  /** Anything else: masked to a constant. */
  OTHER
}
