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

/**
 * A node that proposes, approves and sends until it is killed. It tells on its output how far it
 * is, so that whoever kills it can choose a moment.
 */
final class KillVictim {

  static final Channel FILE = new Channel("FILE");

  private KillVictim() {}

  /** A provider that lives in a file: one line per message that reached it. */
  record FileProvider(Path file, Dedupe dedupe) implements DeliveryChannel {

    @Override
    public Duration sendTime() {
      return Duration.ofSeconds(5);
    }

    @Override
    public Delivery send(SendPermit permit) {
      Envelope envelope = permit.open();
      tell("before");
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
      tell("after");
      return new Delivery.Accepted("file");
    }
  }

  /**
   * @param args the round; the provider's file; KEYED or NONE; the database as a file or a URL
   */
  public static void main(String[] args) {
    boolean keyed = args[2].equals("KEYED");
    Dedupe dedupe = keyed ? new Dedupe.Keyed(Duration.ofHours(24)) : new Dedupe.None();
    FileProvider provider = new FileProvider(Path.of(args[1]), dedupe);
    try (TestHouse house =
        TestHouse.inRealTime(
            database(args[3]),
            new RecordingChannel(dedupe),
            module -> module.channel(FILE, provider))) {
      tell("up");
      for (int i = 0; ; i++) {
        String key = "r" + args[0] + "n" + i;
        Draft draft = house.pending(TestHouse.request(key, FILE).build());
        tell("pending");
        house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of());
        tell("approved");
        house.dispatcher().dispatch();
        tell("sent");
      }
    }
  }

  static Engine.Fresh database(String name) {
    if (name.startsWith("jdbc:")) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setUrl(name);
      return new Engine.Fresh(Database.of(source), source);
    }
    DataSource none = new PGSimpleDataSource();
    return new Engine.Fresh(Database.sqlite(Path.of(name)), none);
  }

  private static void tell(String what) {
    System.out.println(what);
    System.out.flush();
  }
}
