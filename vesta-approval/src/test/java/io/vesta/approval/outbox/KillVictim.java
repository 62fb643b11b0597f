package io.vesta.approval.outbox;

import static io.vesta.approval.testkit.TestHouse.AGENT;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.review.Seen;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.storage.Database;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A node that proposes, approves and sends, draft after draft, until it is killed. */
final class KillVictim {

  static final Channel FILE = new Channel("FILE");

  /** The argument of a node that ends by itself, after a few drafts. */
  static final String REHEARSAL = "rehearsal";

  private static final int REHEARSED = 120;

  private KillVictim() {}

  /** A provider that lives in a file: one line per message that reached it. */
  record FileProvider(Path file, Dedupe dedupe, CrashPoints points) implements DeliveryChannel {

    @Override
    public Duration sendTime() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Delivery send(SendPermit permit) {
      Envelope envelope = permit.open();
      points.pass("before the message");
      String line = permit.key() + " " + permit.draft().key() + " " + envelope.digest() + "\n";
      try {
        Files.writeString(
            file,
            line,
            StandardCharsets.US_ASCII,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            StandardOpenOption.DSYNC);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      points.pass("after the message");
      return new Delivery.Accepted("file");
    }
  }

  /**
   * @param args the round, or {@link #REHEARSAL}; the provider's file; KEYED or NONE; the database;
   *     the point to stand still at, zero for none
   */
  public static void main(String[] args) {
    CrashPoints points =
        args[0].equals(REHEARSAL)
            ? CrashPoints.at(REHEARSED, () -> System.exit(0))
            : CrashPoints.at(Integer.parseInt(args[4]));
    Dedupe dedupe = dedupe(args[2].equals("KEYED"));
    DataSource source = source(args[3]);
    FileProvider provider = new FileProvider(Path.of(args[1]), dedupe, points);
    try (TestHouse house =
        TestHouse.inRealTime(
            new Engine.Fresh(Database.of(points.around(source)), source),
            new RecordingChannel(dedupe),
            module -> module.channel(FILE, provider))) {
      points.begin();
      for (int i = 0; ; i++) {
        Draft draft = house.pending(TestHouse.request("r" + args[0] + "n" + i, FILE).build());
        house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of());
        house.dispatcher().dispatch();
      }
    }
  }

  static Dedupe dedupe(boolean keyed) {
    return keyed ? new Dedupe.Keyed(Duration.ofHours(24)) : new Dedupe.None();
  }

  /** As {@link Database#sqlite} sets its connections up. */
  private static DataSource source(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(url);
      return source;
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(10_000);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    return source;
  }
}
