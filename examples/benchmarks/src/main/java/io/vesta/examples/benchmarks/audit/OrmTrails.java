package io.vesta.examples.benchmarks.audit;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.javers.core.Javers;
import org.javers.core.JaversBuilder;
import org.javers.repository.sql.DialectName;
import org.javers.repository.sql.JaversSqlRepository;
import org.javers.repository.sql.SqlRepositoryBuilder;

/**
 * The two trails that Java hosts take from a shelf. They find out what changed, which the others
 * are told, and promise no integrity.
 */
final class OrmTrails {

  private OrmTrails() {}

  /** JaVers over JDBC: the host's row by hand, its snapshot by the library, one transaction. */
  static Trail javers(DataSource source) throws SQLException {
    ThreadLocal<Connection> current = new ThreadLocal<>();
    Javers javers;
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (java.sql.Statement statement = connection.createStatement()) {
        statement.execute("create table host_javers (id bigint primary key, body text not null)");
      }
      current.set(connection);
      JaversSqlRepository repository =
          SqlRepositoryBuilder.sqlRepository()
              .withConnectionProvider(current::get)
              .withDialect(DialectName.POSTGRES)
              .build();
      javers = JaversBuilder.javers().registerJaversRepository(repository).build();
      connection.commit();
      current.remove();
    }
    return new Trail() {

      @Override
      public String name() {
        return "javers";
      }

      @Override
      public void act(long number) throws SQLException {
        try (Connection connection = source.getConnection()) {
          connection.setAutoCommit(false);
          current.set(connection);
          try (PreparedStatement insert =
              connection.prepareStatement("insert into host_javers (id, body) values (?, ?)")) {
            insert.setLong(1, number);
            insert.setString(2, body(number));
            insert.executeUpdate();
          }
          javers.commit("m-1", new Note(number, body(number)));
          connection.commit();
          current.remove();
        }
      }

      @Override
      public long recorded() throws SQLException {
        return count(source, "jv_snapshot");
      }
    };
  }

  /** Hibernate with Envers: one session and transaction for an act. */
  static Trail envers(DataSource source) {
    Configuration configuration = new Configuration().addAnnotatedClass(Note.class);
    configuration.getProperties().put("hibernate.connection.datasource", source);
    configuration.setProperty("hibernate.hbm2ddl.auto", "create");
    SessionFactory sessions = configuration.buildSessionFactory();
    return new Trail() {

      @Override
      public String name() {
        return "envers";
      }

      @Override
      public void act(long number) {
        try (Session session = sessions.openSession()) {
          session.beginTransaction();
          session.persist(new Note(number, body(number)));
          session.getTransaction().commit();
        }
      }

      @Override
      public long recorded() throws SQLException {
        return count(source, "note_aud");
      }
    };
  }

  private static String body(long number) {
    return new String(Trail.bytes(number), StandardCharsets.US_ASCII);
  }

  private static long count(DataSource source, String table) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement query = connection.prepareStatement("select count(*) from " + table);
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
