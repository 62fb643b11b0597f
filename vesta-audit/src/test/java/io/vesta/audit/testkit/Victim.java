package io.vesta.audit.testkit;

import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.witness.FileWitness;
import io.vesta.audit.witness.Witness;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * A host that is going to be killed: writes, sequences and has its log witnessed, tells on standard
 * output which entries are durable, and stops to be killed at the point it was told: {@code Victim
 * <SQLite file or URL of PostgreSQL> <witness directory> <seed> <point>}.
 */
public final class Victim {

  private final int fatal;
  private int points;

  private Victim(int fatal) {
    this.fatal = fatal;
  }

  /** A node as the victim is one. */
  public static TestLog node(
      Database database, Path memory, long seed, CheckpointSigner signer, Runnable around) {
    FileWitness real =
        new FileWitness(
            "w",
            memory,
            origin -> List.of(TestLog.signer(1).vkey(origin)),
            null,
            new MutableClock(Instant.EPOCH));
    Witness witness =
        new Witness() {
          @Override
          public String name() {
            return real.name();
          }

          @Override
          public Answer add(long oldSize, List<Hash> proof, SignedNote checkpoint) {
            around.run();
            Answer answer = real.add(oldSize, proof, checkpoint);
            around.run();
            return answer;
          }
        };
    Engine.Fresh fresh = new Engine.Fresh(database, new SQLiteDataSource());
    return TestLog.node(fresh, seed, List.of(witness), signer);
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    Victim victim = new Victim(Integer.parseInt(arguments[3]));
    long seed = Long.parseLong(arguments[2]);
    TestLog log =
        node(open(arguments[0]), Path.of(arguments[1]), seed, victim.signer(), victim::point);
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      var id =
          log.database()
              .write(
                  work -> {
                    var appended = log.log().append(work, TestLog.event(number));
                    victim.point(); // written, not committed
                    return appended;
                  });
      System.out.println(id);
      victim.point(); // committed, not sequenced
      log.sequencer().sequence();
      victim.point();
      log.witnessing().cosign(TestLog.ACME);
      victim.point();
    }
  }

  private static Database open(String where) {
    if (!where.startsWith("jdbc:postgresql:")) {
      return Database.sqlite(Path.of(where));
    }
    PGSimpleDataSource server = new PGSimpleDataSource();
    server.setUrl(where);
    return Database.of(server);
  }

  private CheckpointSigner signer() {
    CheckpointSigner real = TestLog.signer(1);
    return new CheckpointSigner() {
      @Override
      public Vkey vkey(String origin) {
        return real.vkey(origin);
      }

      @Override
      public byte[] sign(byte[] message) {
        point(); // all of the batch is written but the log's end
        return real.sign(message);
      }
    };
  }

  private void point() {
    if (++points == fatal) {
      System.out.println("HERE");
      System.out.flush();
      try {
        if (System.in.read() >= 0) {
          throw new IllegalStateException("the victim was to be killed");
        }
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
