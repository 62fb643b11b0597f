package io.vesta.audit.witness;

import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers in another database than the log's, with other administrators and other backups.
 * Thread-safe.
 */
public final class DatabaseWitness extends Remembering {

  private final Database database;

  /**
   * @param name its name, which is also the name of its key
   * @param database with the tables of {@link #schema()}; not the log's
   * @param logs the keys of the log of an origin; none if the witness does not know it
   * @param signer cosigns what is remembered; null to remember only
   * @param clock the time of cosignatures
   */
  public DatabaseWitness(
      String name,
      Database database,
      Function<String, List<Vkey>> logs,
      @Nullable CheckpointSigner signer,
      Clock clock) {
    super(name, logs, signer, clock);
    this.database = database;
  }

  /** The table of a witness, for {@link io.vesta.core.storage.SchemaInstaller}. */
  public static Schema schema() {
    return new Schema("witness", DatabaseWitness.class, List.of("V1__witness.sql"));
  }

  @Override
  Answer exchange(String origin, Function<Optional<SignedNote>, Answer> judge) {
    return database.write(
        work -> {
          // The row is there before it is read, so that there is something to lock.
          work.handle()
              .execute(
                  "insert into vesta_witness_checkpoint (origin, note) values (?, '')"
                      + " on conflict (origin) do nothing",
                  origin);
          Answer answer = judge.apply(read(work, origin));
          if (answer instanceof Remembered remembered) {
            work.handle()
                .execute(
                    "update vesta_witness_checkpoint set note = ? where origin = ?",
                    remembered.note().toString(),
                    origin);
          }
          return answer;
        });
  }

  private Optional<SignedNote> read(UnitOfWork work, String origin) {
    String sql = "select note from vesta_witness_checkpoint where origin = ?";
    String note =
        work.handle()
            .select(work.dialect() == Dialect.POSTGRESQL ? sql + " for update" : sql, origin)
            .mapTo(String.class)
            .one();
    if (note.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SignedNote.parse(note.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw unavailable("has a damaged memory; restore its table", e);
    }
  }
}
