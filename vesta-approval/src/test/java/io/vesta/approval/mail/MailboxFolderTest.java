package io.vesta.approval.mail;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.ANN;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Attribution;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.drafting.DraftRequest;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxFolderTest {

  private static final Channel FOLDER = new Channel("FOLDER");
  private static final String LONG = "caf\u00e9 ".repeat(400);

  @TempDir Path directory;

  private TestHouse house(MailboxFolder mailbox) {
    return TestHouse.with(
        Engine.SQLITE.fresh(directory),
        new RecordingChannel(new Dedupe.None()),
        module -> module.channel(FOLDER, mailbox));
  }

  private static Draft approved(TestHouse house, String key, String body, boolean blind) {
    DraftRequest.Builder request =
        DraftRequest.builder(
                id(key),
                Attribution.of(ANN),
                FOLDER,
                new Sender(new Address("ann@acme.example"), "\u00c5nn, Agent"))
            .to("cleo@client.example")
            .add(Recipient.Role.CC, "carl@client.example")
            .subject("Your visit \u2013 caf\u00e9");
    if (blind) {
      request.add(Recipient.Role.BCC, "file@acme.example");
    }
    Draft draft = done(house.drafter().propose(AGENT, request.build(), body));
    return done(house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of()));
  }

  @Test
  void a_message_is_there_as_it_was_approved() {
    MailboxFolder mailbox = new MailboxFolder(directory.resolve("mail"), Clock.systemUTC());
    TestHouse house = house(mailbox);
    int number = 0;
    for (String body :
        List.of("Hello Cleo,\n\n.\nFrom here, at ten  \n\tcaf\u00e9 \ud83d\ude00?", LONG, "a=b")) {
      String key = "d" + number++;
      Draft draft = approved(house, key, body, false);
      assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
      String sent = draft.dispatch().key();
      assertEquals(sent + ".eml", house.stored(key).dispatch().evidence());
      var read = mailbox.read(sent, draft.id(), 1).orElseThrow();
      var approved = draft.written().orElseThrow().envelope();
      assertEquals(approved.subject(), read.subject());
      assertEquals(approved.body(), read.body());
      assertEquals(approved.sender(), read.sender());
      assertEquals(approved.recipients(), read.recipients());
    }
    assertEquals(Optional.empty(), mailbox.read("ab".repeat(32), id("d9"), 1));
  }

  @Test
  void a_blind_copy_stands_in_no_header_and_nothing_half_is_left() throws IOException {
    Path folder = directory.resolve("mail");
    TestHouse house = house(new MailboxFolder(folder, Clock.systemUTC()));
    Draft draft = approved(house, "d1", "Ten?", true);
    house.dispatcher().dispatch();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(
          List.of(draft.dispatch().key() + ".eml"),
          all.stream().map(file -> file.getFileName().toString()).toList());
      String mail = Files.readString(all.get(0), StandardCharsets.US_ASCII);
      assertFalse(mail.contains("file@acme.example"));
      assertTrue(mail.contains("<" + draft.dispatch().key() + "@acme.example>"));
    }
  }

  @Test
  void a_second_attempt_changes_nothing() throws IOException {
    Path folder = directory.resolve("mail");
    TestHouse house = house(new MailboxFolder(folder, Clock.systemUTC()));
    Draft draft = approved(house, "d1", "Ten?", false);
    Files.createDirectories(folder);
    Path there = folder.resolve(draft.dispatch().key() + ".eml");
    Files.writeString(there, "the first attempt");
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.SENT));
    assertEquals("the first attempt", Files.readString(there));
  }

  @Test
  void a_folder_that_cannot_be_written_leaves_it_unknown() throws IOException {
    Path file = Files.writeString(directory.resolve("mail"), "no folder");
    TestHouse house = house(new MailboxFolder(file, Clock.systemUTC()));
    approved(house, "d1", "Ten?", false);
    assertEquals(1, house.dispatcher().dispatch().into(DraftState.UNKNOWN));
    assertEquals("FOLDER_FAILED", house.stored("d1").reason());
  }
}
