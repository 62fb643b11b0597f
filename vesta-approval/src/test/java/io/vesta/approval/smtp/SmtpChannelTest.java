package io.vesta.approval.smtp;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.ANN;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
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
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.testkit.Engine;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpChannelTest {

  private static final Channel MAIL = new Channel("MAIL");
  private static final String BODY = "Hello Cleo,\n\n.\nSaturday at ten, caf\u00e9 \ud83d\ude00?\n";

  @TempDir Path directory;

  private TestHouse house(int port) {
    SmtpChannel channel =
        SmtpChannel.builder("127.0.0.1", port, Clock.systemUTC())
            .encryption(SmtpChannel.Encryption.NONE)
            .build();
    return TestHouse.with(
        Engine.SQLITE.fresh(directory),
        new RecordingChannel(new Dedupe.None()),
        module -> module.channel(MAIL, channel));
  }

  /** Approves one message and dispatches. */
  private static Draft send(TestHouse house) {
    DraftRequest request =
        DraftRequest.builder(
                id("d1"),
                Attribution.of(ANN),
                MAIL,
                new Sender(new Address("ann@acme.example"), "\u00c5nn, Agent"))
            .to("cleo@client.example")
            .add(Recipient.Role.BCC, "file@acme.example")
            .subject("Your visit \u2013 caf\u00e9")
            .build();
    Draft draft = done(house.drafter().propose(AGENT, request, BODY));
    done(house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of()));
    house.dispatcher().dispatch();
    return house.stored("d1");
  }

  @Test
  void a_real_server_gets_exactly_what_was_approved() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      Draft sent = send(house(server.getSmtp().getPort()));
      assertEquals(DraftState.SENT, sent.state());
      MimeMessage[] received = server.getReceivedMessages();
      assertEquals(2, received.length, "one for each recipient");
      MimeMessage message = received[0];
      assertEquals("Your visit \u2013 caf\u00e9", message.getSubject());
      assertEquals(BODY.strip(), ((String) message.getContent()).replace("\r\n", "\n").strip());
      assertEquals("cleo@client.example", message.getHeader("To", ","));
      assertNull(message.getHeader("Bcc"));
      assertTrue(message.getFrom()[0].toString().contains("ann@acme.example"));
      String id = "<" + sent.dispatch().key() + "@acme.example>";
      assertEquals(id, message.getMessageID());
      assertEquals(id, sent.dispatch().evidence());
    } finally {
      server.stop();
    }
  }

  @Test
  void without_a_server_nothing_left_and_it_is_tried_again() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Draft draft = send(house(port));
    assertEquals(DraftState.RETRY, draft.state());
    assertEquals("NO_CONNECTION", draft.reason());
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL,550 no,FAILED,SERVER_REFUSED",
    "RCPT,550 no such mailbox,FAILED,SERVER_REFUSED",
    "RCPT,451 try later,RETRY,SERVER_DEFERRED",
    "DATA,554 no,FAILED,SERVER_REFUSED",
    "TEXT,554 spam,FAILED,SERVER_REFUSED",
    "TEXT,451 try later,RETRY,SERVER_DEFERRED",
    "TEXT,,UNKNOWN,NO_ANSWER"
  })
  void what_a_server_says_is_believed_and_what_it_does_not_say_is_unknown(
      String at, String answer, DraftState state, String reason) throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = new Thread(() -> serve(socket, at, answer));
      server.start();
      Draft draft = send(house(socket.getLocalPort()));
      server.join();
      assertEquals(state, draft.state());
      assertEquals(reason, draft.reason());
    }
  }

  /** Answers well, but for one command, where it answers so, or closes if there is no answer. */
  private static void serve(ServerSocket socket, String at, String answer) {
    Map<String, String> good =
        Map.of(
            "EHLO", "250 hello",
            "MAIL", "250 ok",
            "RCPT", "250 ok",
            "DATA", "354 go on",
            "TEXT", "250 taken",
            "RSET", "250 ok",
            "QUIT", "221 bye");
    try (Socket client = socket.accept();
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      say(client, "220 test");
      boolean text = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (text && !line.equals(".")) {
          continue;
        }
        String command = text ? "TEXT" : line.substring(0, 4).toUpperCase(Locale.ROOT);
        text = false;
        if (command.equals(at) && answer == null) {
          return;
        }
        say(client, command.equals(at) ? answer : good.getOrDefault(command, "500 what"));
        text = command.equals("DATA") && !at.equals("DATA");
      }
    } catch (IOException e) {
      // The channel has hung up.
    }
  }

  private static void say(Socket client, String line) throws IOException {
    client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }

  @Test
  void a_password_never_goes_over_an_open_connection() {
    SmtpChannel.Builder open =
        SmtpChannel.builder("127.0.0.1", 25, Clock.systemUTC())
            .encryption(SmtpChannel.Encryption.NONE)
            .login("ann", Secret.of("hidden"));
    VestaException refused = assertThrows(VestaException.class, open::build);
    assertFalse(refused.getMessage().contains("hidden"));
    assertThrows(
        VestaException.class, () -> SmtpChannel.builder("127.0.0.1", 0, Clock.systemUTC()));
  }
}
