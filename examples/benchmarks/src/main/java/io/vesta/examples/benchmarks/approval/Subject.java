package io.vesta.examples.benchmarks.approval;

import java.sql.SQLException;

/** Who gets items decided. Thread-safe. */
interface Subject extends AutoCloseable {

  /** The name in the table. */
  String name();

  /** Its turn begins. */
  default void begin() {}

  /** Creates one item and gets it approved; durable when it returns. */
  void item(long number);

  /** What is left to do after the last item, before all of them are as they should be. */
  default void rest() {}

  /** Demands that so many items stand finished in the database, and none unfinished. */
  void require(long items) throws SQLException;

  @Override
  void close();
}
