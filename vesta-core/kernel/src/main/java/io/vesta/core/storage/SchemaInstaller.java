package io.vesta.core.storage;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Installs and upgrades Vesta's tables. Safe to call from several nodes at once and at every start:
 * each script runs once, in one transaction with its entry in {@code vesta_schema}, whose digest
 * tells when a script was changed afterwards.
 */
public final class SchemaInstaller {

  private static final long LOCK = 0x7665737461L; // "vesta"

  private final Database database;
  private final List<Schema> schemas;

  /**
   * @param database where
   * @param schemas what, of all artifacts in use; each module once
   */
  public SchemaInstaller(Database database, Collection<Schema> schemas) {
    this.database = Objects.requireNonNull(database, "database");
    this.schemas = schemas.stream().sorted(Comparator.comparing(Schema::module)).toList();
  }

  /**
   * Brings every table to the version of the running code.
   *
   * @return how many scripts ran; 0 if all was up to date
   * @throws VestaException with code {@code VESTA-CORE-005} if the database holds a newer version,
   *     or a script that was changed after it ran; nothing is changed then
   */
  public int install() {
    return database.write(
        work -> {
          if (work.dialect() == Dialect.POSTGRESQL) {
            work.handle().select("select pg_advisory_xact_lock(?)", LOCK).mapToMap().list();
          }
          work.handle()
              .execute(
                  "create table if not exists vesta_schema (module varchar(32) not null,"
                      + " version integer not null, script varchar(96) not null,"
                      + " sha256 char(64) not null, primary key (module, version))");
          return schemas.stream().mapToInt(schema -> install(work, schema)).sum();
        });
  }

  private static int install(UnitOfWork work, Schema schema) {
    Map<Integer, String> installed =
        work.handle()
            .createQuery("select version, sha256 from vesta_schema where module = :module")
            .bind("module", schema.module())
            .reduceRows(
                new java.util.TreeMap<Integer, String>(),
                (map, row) -> {
                  map.put(
                      row.getColumn("version", Integer.class),
                      row.getColumn("sha256", String.class));
                  return map;
                });
    int known = schema.scripts().size();
    if (installed.keySet().stream().anyMatch(version -> version > known)) {
      throw mismatch(
          schema,
          "is newer than this library, which knows version " + known + "; upgrade the library");
    }
    int ran = 0;
    for (int version = 1; version <= known; version++) {
      String name = schema.scripts().get(version - 1);
      String sql = read(schema, work.dialect(), name);
      String digest = sha256(sql);
      String before = installed.get(version);
      if (before == null) {
        work.handle().createScript(sql).execute();
        work.handle()
            .createUpdate(
                "insert into vesta_schema (module, version, script, sha256) values (?, ?, ?, ?)")
            .bind(0, schema.module())
            .bind(1, version)
            .bind(2, name)
            .bind(3, digest)
            .execute();
        ran++;
      } else if (!before.equals(digest)) {
        throw mismatch(
            schema, "was installed by another text of " + name + "; restore the released script");
      }
    }
    return ran;
  }

  private static String read(Schema schema, Dialect dialect, String name) {
    String path = "schema/" + dialect.directory() + "/" + name;
    try (InputStream in = schema.anchor().getResourceAsStream(path)) {
      if (in == null) {
        throw mismatch(schema, "has no resource " + path + "; repair the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new VestaException(CoreError.SCHEMA_MISMATCH, path + " cannot be read", e);
    }
  }

  private static VestaException mismatch(Schema schema, String what) {
    return new VestaException(
        CoreError.SCHEMA_MISMATCH, "the schema of " + schema.module() + " " + what);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
