package io.vesta.core.storage;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.sql.Connection;
import java.sql.SQLException;

/** The engines that Vesta's own stores speak to. */
public enum Dialect {
  /** SQLite 3.35 or newer: one writer, embedded. */
  SQLITE("sqlite"),
  /** PostgreSQL 13 or newer: many nodes. */
  POSTGRESQL("postgresql");

  private final String directory;

  Dialect(String directory) {
    this.directory = directory;
  }

  /** The name of the directory of this engine's schema resources; never null. */
  public String directory() {
    return directory;
  }

  /**
   * The dialect of an open connection.
   *
   * @throws VestaException if the engine is neither of the two, or does not answer
   */
  public static Dialect of(Connection connection) {
    try {
      String product = connection.getMetaData().getDatabaseProductName();
      return switch (product) {
        case "SQLite" -> SQLITE;
        case "PostgreSQL" -> POSTGRESQL;
        default ->
            throw new VestaException(
                CoreError.STORAGE_FAILED,
                "the database is " + product + "; use SQLite or PostgreSQL, or a store plug-in");
      };
    } catch (SQLException e) {
      throw new VestaException(CoreError.STORAGE_FAILED, "the database did not name itself", e);
    }
  }
}
