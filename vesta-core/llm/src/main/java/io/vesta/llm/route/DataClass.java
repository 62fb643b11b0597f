package io.vesta.llm.route;

/** How far a text may travel; each class contains the ones before it. */
public enum DataClass {
  /** Anybody may read it, such as a listing's public remarks. */
  PUBLIC,
  /** The brokerage's own, without clients. */
  INTERNAL,
  /** Clients' messages and contact data. */
  CONFIDENTIAL,
  /** What may steer or discriminate, and what money is at stake over. */
  RESTRICTED;

  /** Whether a route for this class may carry the other. */
  public boolean covers(DataClass other) {
    return compareTo(other) >= 0;
  }
}
