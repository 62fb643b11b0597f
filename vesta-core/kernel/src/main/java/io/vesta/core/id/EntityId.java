package io.vesta.core.id;

/**
 * An identifier of a brokerage's thing. Two brokerages may use equal keys; their ids are never
 * equal.
 */
public sealed interface EntityId
    permits OfficeId, TeamId, MemberId, ContactId, ListingId, TransactionId, ThreadId, DraftId {

  /** The tenant; never null. */
  BrokerageId brokerage();

  /** The host's key within the tenant; never null. */
  String key();

  /** A reference without the tenant, as the audit log of that tenant holds it. */
  default Ref ref() {
    String name = getClass().getSimpleName();
    return new Ref(name.substring(0, name.length() - "Id".length()), key());
  }
}
