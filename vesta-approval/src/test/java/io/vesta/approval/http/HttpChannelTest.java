package io.vesta.approval.http;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpChannelTest {

  private static final Channel WEB = new Channel("WEB");
  private static final Duration DAY = Duration.ofHours(24);

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, JsonNode> messages = new LinkedHashMap<>();
  private final List<String> tokens = new ArrayList<>();
  private final List<Integer> statuses = new ArrayList<>();
  private String answer = "{\"id\": \"p-1\"}";
  private HttpServer provider;
  private URI address;

  @BeforeEach
  void start() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext("/send", this::take);
    provider.start();
    address = URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/send");
  }

  @AfterEach
  void stop() {
    provider.stop(0);
  }

  /** A provider that deduplicates by key, and may fail after it took a message. */
  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = statuses.isEmpty() ? 200 : statuses.remove(0);
      JsonNode body = new ObjectMapper().readTree(exchange.getRequestBody());
      if (status < 400 || status >= 500) {
        messages.putIfAbsent(exchange.getRequestHeaders().getFirst("Idempotency-Key"), body);
      }
      tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      if (status > 0) {
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  private TestHouse house(HttpChannel channel) {
    return TestHouse.with(
        Engine.SQLITE.fresh(directory),
        new RecordingChannel(new Dedupe.None()),
        module -> module.channel(WEB, channel));
  }

  private static Draft send(TestHouse house) {
    Draft draft = house.pending(request("d1", WEB).build());
    done(house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of()));
    house.dispatcher().dispatch();
    return house.stored("d1");
  }

  @Test
  void a_provider_gets_what_was_approved_under_the_drafts_key() {
    HttpChannel channel = HttpChannel.to(client, address, DAY).token(Secret.of("t0ken"));
    Draft sent = send(house(channel));
    assertEquals(DraftState.SENT, sent.state());
    assertEquals("p-1", sent.dispatch().evidence());
    JsonNode message = messages.get(sent.dispatch().key());
    assertEquals("Your visit", message.get("subject").asText());
    assertEquals(sent.written().orElseThrow().envelope().body(), message.get("text").asText());
    assertEquals("cleo", message.get("to").get(0).get("address").asText());
    assertEquals(List.of("Bearer t0ken"), tokens);
  }

  @ParameterizedTest
  @CsvSource({
    "400,FAILED,STATUS_400",
    "422,FAILED,STATUS_422",
    "429,RETRY,TOO_MANY",
    "408,UNKNOWN,STATUS_408",
    "409,UNKNOWN,STATUS_409",
    "500,UNKNOWN,STATUS_500",
    "503,UNKNOWN,STATUS_503",
    "302,UNKNOWN,STATUS_302",
    "-1,UNKNOWN,NO_ANSWER"
  })
  void what_a_provider_says_decides_what_may_be_done(int status, DraftState state, String reason) {
    statuses.add(status);
    // Where there is no answer at all, the client asks once more by itself.
    statuses.add(status);
    Draft draft = send(house(HttpChannel.to(client, address, DAY)));
    assertEquals(state, draft.state());
    assertEquals(reason, draft.reason());
  }

  @Test
  void a_message_that_was_taken_without_an_answer_goes_again_and_arrives_once() {
    statuses.add(500);
    TestHouse house = house(HttpChannel.to(client, address, DAY));
    assertEquals(DraftState.UNKNOWN, send(house).state());
    house.clock().advance(Duration.ofMinutes(5));
    house.dispatcher().dispatch();
    assertEquals(DraftState.SENT, house.stored("d1").state());
    assertEquals(2, tokens.size(), "two requests");
    assertEquals(1, messages.size(), "one message");
  }

  @Test
  void whatever_a_provider_calls_it_taken_is_taken() {
    for (String odd : List.of("", "[", "{\"id\": null}", "{\"id\": {}}")) {
      answer = odd;
      TestHouse house = house(HttpChannel.to(client, address, DAY));
      assertEquals(DraftState.SENT, send(house).state(), odd);
      assertEquals("", house.stored("d1").dispatch().evidence());
    }
  }

  @Test
  void without_a_provider_nothing_left() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + port + "/send");
    Draft draft = send(house(HttpChannel.to(client, nobody, DAY)));
    assertEquals(DraftState.RETRY, draft.state());
    assertEquals("NO_CONNECTION", draft.reason());
  }

  @Test
  void an_open_way_or_a_client_that_is_led_elsewhere_is_refused() {
    URI open = URI.create("http://provider.example/send");
    assertThrows(VestaException.class, () -> HttpChannel.to(client, open, DAY));
    HttpClient led = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();
    assertThrows(VestaException.class, () -> HttpChannel.to(led, address, DAY));
  }
}
