package io.vesta.approval.report;

import static io.vesta.approval.testkit.TestHouse.ACME;
import static io.vesta.approval.testkit.TestHouse.PAPER;
import static io.vesta.approval.testkit.TestHouse.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.secret.Secret;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryReportsTest {

  private static final String SECRET = "0123456789abcdef01234567";
  private static final Instant NOW = Instant.parse("2026-03-04T15:06:07Z");
  private static final Dedupe NONE = new Dedupe.None();
  private static final Dedupe KEYED = new Dedupe.Keyed(Duration.ofHours(24));

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(NOW);

  /** A body says {@code taken <key> <id>} or {@code refused <key> <code>}. */
  private static Optional<Report> parse(byte[] body) {
    String[] words = new String(body, StandardCharsets.UTF_8).split(" ", -1);
    return switch (words[0]) {
      case "taken" -> Optional.of(new Report.Taken(words[1], words[2]));
      case "refused" -> Optional.of(new Report.Refused(words[1], words[2]));
      default -> Optional.empty();
    };
  }

  private StandardWebhooks reader() {
    return new StandardWebhooks(Secret.of(SECRET), clock, DeliveryReportsTest::parse);
  }

  private TestHouse house(Engine engine, Dedupe dedupe) {
    return TestHouse.with(
        engine.fresh(directory),
        new RecordingChannel(dedupe),
        module -> module.reports(PAPER, reader()).reports(Channel.EMAIL, reader()));
  }

  private static Map<String, String> signed(String body, String secret) {
    String timestamp = Long.toString(NOW.getEpochSecond());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signature =
          mac.doFinal(("msg_1." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
      return Map.of(
          "webhook-id",
          "msg_1",
          "webhook-timestamp",
          timestamp,
          "webhook-signature",
          "v1," + Base64.getEncoder().encodeToString(signature));
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Result report(TestHouse house, BrokerageId brokerage, Channel by, String body) {
    return house
        .reports()
        .take(brokerage, by, signed(body, SECRET), body.getBytes(StandardCharsets.UTF_8));
  }

  private static Result report(TestHouse house, String body) {
    return report(house, ACME, PAPER, body);
  }

  private static Draft unknown(TestHouse house, String key) {
    house.approved(key);
    house.channel().answer(house.channel()::swallow);
    house.dispatcher().dispatch();
    return house.stored(key);
  }

  private static Refusal refusal(Result result) {
    return ((Result.Refused) result).reason();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_was_unknown_is_found_and_the_same_again_is_refused_and_audited(Engine engine) {
    TestHouse house = house(engine, NONE);
    Draft unknown = unknown(house, "d1");
    String body = "taken " + unknown.dispatch().key() + " p-7";
    Draft sent = done(report(house, body));
    assertEquals(DraftState.SENT, sent.state());
    assertEquals("p-7", sent.dispatch().evidence());
    assertEquals(Refusal.WRONG_STATE, refusal(report(house, body)));
    assertEquals(sent, house.stored("d1"));
    List<String> story = house.story("d1");
    assertEquals(
        List.of("found", "refused Code[name=WRONG_STATE]"),
        story.subList(story.size() - 2, story.size()));
  }

  @Test
  void a_refusal_settles_nothing_of_an_attempt_without_an_answer() {
    TestHouse house = house(Engine.SQLITE, NONE);
    Draft unknown = unknown(house, "d1");
    Result result = report(house, "refused " + unknown.dispatch().key() + " MAILBOX_UNKNOWN");
    assertEquals(Refusal.WRONG_STATE, refusal(result), "a person settles it");
    assertEquals(DraftState.UNKNOWN, house.stored("d1").state());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_first_attempt_that_is_under_way_ends_as_the_provider_says(Engine engine) {
    TestHouse house = house(engine, NONE);
    for (String word : List.of("taken", "refused")) {
      house.approved(word);
      AtomicReference<Result> told = new AtomicReference<>();
      house
          .channel()
          .answer(
              permit -> {
                told.set(report(house, word + " " + permit.key() + " BUSY"));
                return new Delivery.Lost("TIMEOUT");
              });
      house.dispatcher().dispatch();
      DraftState state = word.equals("taken") ? DraftState.SENT : DraftState.FAILED;
      assertEquals(state, done(told.get()).state());
      assertEquals(state, house.stored(word).state(), "the node is too late");
      assertTrue(house.story(word).contains("refused Code[name=WRONG_STATE]"));
    }
  }

  @Test
  void a_report_during_a_second_attempt_may_mean_the_first_and_is_refused() {
    TestHouse house = house(Engine.SQLITE, KEYED);
    Draft unknown = unknown(house, "d1");
    AtomicReference<Result> told = new AtomicReference<>();
    house
        .channel()
        .answer(
            permit -> {
              told.set(report(house, "refused " + permit.key() + " BUSY"));
              return house.channel().accept(permit);
            });
    house.clock().advance(Duration.ofMinutes(5));
    house.dispatcher().dispatch();
    assertEquals(Refusal.FENCED_OUT, refusal(told.get()));
    assertEquals(DraftState.SENT, house.stored("d1").state());
    assertEquals(unknown.dispatch().key(), house.stored("d1").dispatch().key());
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void what_is_foreign_or_not_signed_changes_nothing(Engine engine) {
    TestHouse house = house(engine, NONE);
    Draft unknown = unknown(house, "d1");
    String body = "taken " + unknown.dispatch().key() + " p-7";
    int before = house.entries();
    assertEquals(Refusal.NOT_FOUND, refusal(report(house, new BrokerageId("zeta"), PAPER, body)));
    assertEquals(Refusal.NOT_FOUND, refusal(report(house, ACME, Channel.EMAIL, body)));
    assertEquals(Refusal.NOT_FOUND, refusal(report(house, "taken " + "ab".repeat(32) + " p-7")));
    assertEquals(3, house.entries() - before, "each is audited");
    assertEquals(Refusal.NOT_AUTHORIZED, refusal(report(house, ACME, Channel.SMS, body)));
    assertEquals(Refusal.NOT_AUTHORIZED, refusal(report(house, "bounced")));
    assertEquals(Refusal.NOT_AUTHORIZED, refusal(report(house, "taken short p-7")));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    for (Map<String, String> headers :
        List.of(
            Map.<String, String>of(),
            signed(body, "another secret of 24 bytes"),
            signed(body + " ", SECRET),
            with(signed(body, SECRET), "webhook-timestamp", "1772636768"),
            with(signed(body, SECRET), "webhook-timestamp", "soon"),
            with(signed(body, SECRET), "webhook-id", "msg_2"))) {
      assertEquals(
          Refusal.NOT_AUTHORIZED, refusal(house.reports().take(ACME, PAPER, headers, bytes)));
    }
    assertEquals(3, house.entries() - before, "the audit log is not for anybody to fill");
    assertEquals(unknown, house.stored("d1"));
  }

  private static Map<String, String> with(Map<String, String> headers, String name, String value) {
    Map<String, String> changed = new HashMap<>(headers);
    changed.put(name, value);
    return changed;
  }

  /** Example of the specification's reference libraries: secret, id, time and body are theirs. */
  @Test
  void a_signature_of_the_specification_is_verified() {
    byte[] secret = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    clock.advance(Duration.between(NOW, Instant.ofEpochSecond(1_614_265_330)));
    StandardWebhooks reader =
        new StandardWebhooks(
            Secret.of(secret),
            clock,
            body -> Optional.of(new Report.Taken("ab".repeat(32), "read")));
    byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers =
        Map.of(
            "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp", "1614265330",
            "webhook-signature",
                "v1,bm9ldHUjKzFob2VudXRob2VodWUzMjRvdWVvdW9ldQo="
                    + " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assertTrue(reader.read(headers, body).isPresent());
    clock.advance(Duration.ofMinutes(6));
    assertTrue(reader.read(headers, body).isEmpty(), "too old");
  }

  @Test
  void a_short_secret_is_refused_without_being_shown() {
    VestaException refused =
        assertThrows(
            VestaException.class,
            () -> new StandardWebhooks(Secret.of("hidden"), clock, body -> Optional.empty()));
    assertTrue(!refused.getMessage().contains("hidden"));
  }
}
