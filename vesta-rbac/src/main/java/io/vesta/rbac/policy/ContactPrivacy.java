package io.vesta.rbac.policy;

/** Who above an agent sees a contact's record: the presets that brokerages choose from. */
public enum ContactPrivacy {
  /** An agent's contact is the agent's alone until it joins a transaction. The default. */
  PRIVATE_UNTIL_TRANSACTION,
  /** As the default, and admins, brokers and leads see that there is a contact, without facts. */
  PRIVATE_PLACEHOLDER,
  /** As the default, and members of a team share the team's contacts. */
  TEAM_SHARED,
  /** Admins and brokers see every contact. */
  OPEN_ACCOUNT
}
