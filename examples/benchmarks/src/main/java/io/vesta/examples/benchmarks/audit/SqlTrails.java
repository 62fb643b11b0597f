package io.vesta.examples.benchmarks.audit;

import io.vesta.core.storage.Database;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;

/**
 * The trails over plain JDBC: a table without any integrity, which nothing can be cheaper than, the
 * two hash chains that people write, and Vesta. Each act inserts one row of the host's.
 */
abstract class SqlTrails implements Trail {

  private final String name;
  private final DataSource source;

  SqlTrails(String name, DataSource source, String... tables) throws SQLException {
    this.name = name;
    this.source = source;
    try (Connection connection = source.getConnection()) {
      execute(
          connection,
          "create table " + host() + " (id bigint not null primary key, body text not null)");
      execute(connection, tables);
    }
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private String host() {
    return "host_" + name.replace(' ', '_');
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final void act(long number) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement("insert into " + host() + " (id, body) values (?, ?)")) {
        insert.setLong(1, number);
        insert.setString(2, "the host's own row, some hundred characters of what it is about");
        insert.executeUpdate();
      }
      record(connection, number);
      connection.commit();
    }
  }

  abstract void record(Connection connection, long number) throws SQLException;

  @Override
  public long recorded() throws SQLException {
    try (Connection connection = source.getConnection()) {
      return check(connection);
    }
  }

  abstract long check(Connection connection) throws SQLException;

  private static long count(Connection connection, String table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("select count(*) from " + table);
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** A table of bytes. */
  static Trail plain(DataSource source) throws SQLException {
    return new SqlTrails(
        "plain insert",
        source,
        "create table plain (id bigint generated always as identity primary key,"
            + " brokerage varchar(128) not null, bytes bytea not null)",
        "alter table plain alter column bytes set storage external") {

      @Override
      void record(Connection connection, long number) throws SQLException {
        try (PreparedStatement insert =
            connection.prepareStatement("insert into plain (brokerage, bytes) values (?, ?)")) {
          insert.setString(1, "acme");
          insert.setBytes(2, Trail.bytes(number));
          insert.executeUpdate();
        }
      }

      @Override
      long check(Connection connection) throws SQLException {
        return count(connection, "plain");
      }
    };
  }

  /** A chain whose head is a row that each transaction locks. */
  static Trail lockedChain(DataSource source) throws SQLException {
    return new SqlTrails(
        "locked chain",
        source,
        "create table locked (id bigint generated always as identity primary key,"
            + " brokerage varchar(128) not null, bytes bytea not null, hash bytea not null)",
        "alter table locked alter column bytes set storage external",
        "create table locked_head (id int primary key, hash bytea not null)",
        "insert into locked_head values (1, decode(repeat('00', 32), 'hex'))") {

      @Override
      void record(Connection connection, long number) throws SQLException {
        byte[] head = one(connection, "select hash from locked_head where id = 1 for update");
        byte[] hash = insertLink(connection, "locked", head, number);
        try (PreparedStatement update =
            connection.prepareStatement("update locked_head set hash = ? where id = 1")) {
          update.setBytes(1, hash);
          update.executeUpdate();
        }
      }

      @Override
      long check(Connection connection) throws SQLException {
        return links(connection, "locked");
      }
    };
  }

  /** A chain whose transactions queue for an advisory lock. */
  static Trail advisoryChain(DataSource source) throws SQLException {
    return new SqlTrails(
        "advisory chain",
        source,
        "create table advised (id bigint generated always as identity primary key,"
            + " brokerage varchar(128) not null, bytes bytea not null, hash bytea not null)",
        "alter table advised alter column bytes set storage external") {

      @Override
      void record(Connection connection, long number) throws SQLException {
        try (PreparedStatement lock =
            connection.prepareStatement("select pg_advisory_xact_lock(4711)")) {
          lock.execute();
        }
        byte[] head = one(connection, "select hash from advised order by id desc limit 1");
        insertLink(connection, "advised", head, number);
      }

      @Override
      long check(Connection connection) throws SQLException {
        return links(connection, "advised");
      }
    };
  }

  /** Vesta, joined to the host's transaction; the sequencer runs elsewhere. */
  static Trail vesta(String name, DataSource source, BenchLog log, Database database)
      throws SQLException {
    return new SqlTrails(name, source) {

      @Override
      void record(Connection connection, long number) {
        log.log().append(database.join(connection), BenchLog.event(number));
      }

      @Override
      long check(Connection connection) throws SQLException {
        long entries = count(connection, "vesta_audit_entry");
        log.requireWhole(entries);
        return entries;
      }
    };
  }

  private static byte[] one(Connection connection, String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getBytes(1) : new byte[32];
    }
  }

  private static byte[] insertLink(Connection connection, String table, byte[] head, long number)
      throws SQLException {
    byte[] bytes = Trail.bytes(number);
    byte[] hash = link(head, bytes);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into " + table + " (brokerage, bytes, hash) values (?, ?, ?)")) {
      insert.setString(1, "acme");
      insert.setBytes(2, bytes);
      insert.setBytes(3, hash);
      insert.executeUpdate();
    }
    return hash;
  }

  private static byte[] link(byte[] head, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(head);
      return digest.digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Follows a chain; gives its length. */
  private static long links(Connection connection, String table) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement query =
        connection.prepareStatement("select bytes, hash from " + table + " order by id")) {
      query.setFetchSize(1_000);
      byte[] head = new byte[32];
      long length = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          head = link(head, rows.getBytes(1));
          if (!Arrays.equals(head, rows.getBytes(2))) {
            throw new IllegalStateException(table + " breaks after " + length + " links");
          }
          length++;
        }
      }
      return length;
    } finally {
      connection.rollback();
    }
  }
}
