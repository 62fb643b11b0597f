package io.vesta.llm.call;

import static io.vesta.llm.call.Loopback.document;
import static io.vesta.llm.call.Loopback.prompt;
import static io.vesta.llm.call.Loopback.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.error.VestaException;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.Completion.Finish;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.ModelException;
import io.vesta.core.llm.ModelException.Kind;
import io.vesta.core.llm.Prompt;
import io.vesta.llm.LlmError;
import io.vesta.llm.route.DataClass;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Routes;
import io.vesta.testkit.Engine;
import io.vesta.testkit.LanguageModelContract;
import io.vesta.testkit.MutableClock;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls over plain HTTP to loopback, as a developer makes them. */
class LlmRouterTest {

  private static final SSLContext TLS = SSLContexts.createDefault();
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Instant NOON = Instant.parse("2026-06-30T12:00:00Z");

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(NOON);
  private final List<LlmRouter> routers = new ArrayList<>();
  private Provider provider;
  private Provider second;
  private Loopback house;

  @BeforeEach
  void open() {
    provider = new Provider(null, Provider.json(200, Provider.says("fine")));
    second = new Provider(null, Provider.json(200, Provider.says("second")));
    house = new Loopback(directory, clock, Engine.SQLITE);
  }

  @AfterEach
  void close() {
    routers.forEach(LlmRouter::close);
    provider.close();
    second.close();
  }

  private static String local(String route, Provider where) {
    return route.replace(
        "https://models.acme.com/v1/chat", "http://localhost:" + where.port() + "/v1");
  }

  private LanguageModel model(String... routes) {
    LlmRouter router =
        house.router(
            Routes.load(document(routes), Environment.DEVELOPMENT),
            SystemDefaultDnsResolver.INSTANCE,
            TLS,
            0);
    routers.add(router);
    return router.model(DataClass.CONFIDENTIAL);
  }

  private LanguageModel both() {
    return model(
        local(route("a", ", \"fallback\": \"b\""), provider), local(route("b", ""), second));
  }

  private ModelException fails(LanguageModel model) {
    return assertThrows(
        ModelException.class, () -> model.complete(prompt("x"), house.call(MINUTE)));
  }

  @Nested
  class Contract extends LanguageModelContract {

    @Override
    protected LanguageModel model() {
      return LlmRouterTest.this.model(local(route("a", ""), provider));
    }

    @Override
    protected Clock clock() {
      return clock;
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_attempt_is_on_the_trail_before_and_after_without_its_text(Engine engine) {
    house = new Loopback(directory, clock, engine);
    Completion completion =
        model(local(route("a", ""), provider)).complete(prompt("hello"), house.call(MINUTE));
    assertEquals("fine", completion.text());
    assertEquals(Finish.STOP, completion.finish());
    assertEquals(new Completion.Usage(11, 7), completion.usage());
    assertEquals("m-1", completion.modelId());
    assertEquals(List.of("asked", "answered"), house.trail.actions());
    AuditEvent answered = house.trail.events.get(1);
    assertEquals(new AuditValue.Amount(BigDecimal.valueOf(18)), answered.details().get("tokens"));
    assertFalse(house.trail.events.toString().contains("hello"));
    assertFalse(answered.details().toString().contains("fine"));
  }

  @Test
  void no_entry_no_byte() {
    house.trail.broken = true;
    LanguageModel model = model(local(route("a", ""), provider));
    assertThrows(
        IllegalStateException.class, () -> model.complete(prompt("x"), house.call(MINUTE)));
    assertEquals(0, provider.connections());
    house.trail.broken = false;
    provider.script(
        (request, out) -> {
          house.trail.broken = true;
          out.write(Provider.response(200, "application/json", Provider.says("fine")));
        });
    assertThrows(
        IllegalStateException.class,
        () -> model.complete(prompt("x"), house.call(MINUTE)),
        "nor is a text given whose outcome cannot be recorded");
  }

  @ParameterizedTest
  @CsvSource({
    "stop, STOP",
    "length, LENGTH",
    "content_filter, CONTENT_FILTER",
    "tool_calls, OTHER",
    "x, OTHER"
  })
  void a_text_that_was_cut_says_so(String reason, Finish finish) {
    provider.script(
        Provider.json(200, Provider.says("fine").replace("\"stop\"", "\"" + reason + "\"")));
    assertEquals(
        finish,
        model(local(route("a", ""), provider)).complete(prompt("x"), house.call(MINUTE)).finish());
  }

  @Test
  void the_other_wire_format_is_spoken_too() {
    provider.script(
        Provider.json(
            200,
            """
            {"model": "c-1", "stop_reason": "end_turn",
             "content": [{"type": "text", "text": "good "}, {"type": "text", "text": "day"}],
             "usage": {"input_tokens": 3, "output_tokens": 2}}"""));
    Completion completion =
        model(local(route("a", ""), provider).replace("OPENAI_CHAT", "ANTHROPIC_MESSAGES"))
            .complete(new Prompt("System.", prompt("x").turns(), 64, 2.0), house.call(MINUTE));
    assertEquals("good day", completion.text());
    assertEquals(Finish.STOP, completion.finish());
    assertEquals(new Completion.Usage(3, 2), completion.usage());
    String request = provider.requests.get(0);
    assertTrue(request.contains("x-api-key: " + Loopback.KEY));
    assertTrue(request.contains("\"system\":\"System.\""));
    assertTrue(request.contains("\"temperature\":1.0"));
  }

  @Test
  void contact_data_stay_here_and_come_back_into_the_answer() {
    provider.script(
        (request, out) -> {
          String token = request.replaceAll("(?s).*(\\[phone-[0-9a-f]{8}-\\d+]).*", "$1");
          out.write(
              Provider.response(
                  200, "application/json", Provider.says("Call " + token + " or [phone-1]")));
        });
    String asked =
        "I am jo.doe+x@example.com, call (212) 555-0123, again: jo.doe+x@example.com. [phone-1]";
    Completion completion =
        model(local(route("a", ""), provider)).complete(prompt(asked), house.call(MINUTE));
    assertEquals("Call (212) 555-0123 or [phone-1]", completion.text());
    String request = provider.requests.get(0);
    assertFalse(request.contains("jo.doe"));
    assertFalse(request.contains("555"));
    String email = request.replaceAll("(?s).*I am (\\[email-[^]]*]), .*", "$1");
    assertEquals(2, request.split(Pattern.quote(email), -1).length - 1);
  }

  @Test
  void a_route_that_is_down_is_asked_twice_and_then_the_next() {
    provider.script(Provider.json(503, "{}"));
    assertEquals("second", both().complete(prompt("x"), house.call(MINUTE)).text());
    assertEquals(2, provider.requests.size());
    assertEquals(List.of(Duration.ofMillis(200)), house.pauses);
    assertEquals(
        List.of("asked", "answered", "asked", "answered", "asked", "answered"),
        house.trail.actions());
  }

  @Test
  void a_provider_who_asks_for_patience_gets_it_if_it_is_short() {
    provider.script(Provider.json(429, "{}", "Retry-After: 1"));
    both().complete(prompt("x"), house.call(MINUTE));
    assertEquals(List.of(Duration.ofSeconds(1)), house.pauses);
    house.pauses.clear();
    provider.script(Provider.json(429, "{}", "Retry-After: 3600"));
    assertEquals("second", both().complete(prompt("x"), house.call(MINUTE)).text());
    assertEquals(List.of(), house.pauses);
    ModelException alone = fails(model(local(route("a", ""), provider)));
    assertEquals(Kind.RATE_LIMITED, alone.kind());
    assertEquals(Duration.ofHours(1), alone.retryAfter().orElseThrow());
    for (String hostile :
        List.of("-1", "99999999999999999999", "x", "Wed, 21 Oct 2026 07:28:00 GMT")) {
      provider.script(Provider.json(429, "{}", "Retry-After: " + hostile));
      assertEquals(Kind.RATE_LIMITED, fails(model(local(route("a", ""), provider))).kind());
    }
  }

  /** A refusal is an answer; asking somebody else would be shopping for another. */
  @ParameterizedTest
  @CsvSource({"400, INVALID", "401, AUTH", "403, AUTH", "302, OTHER"})
  void what_was_refused_is_asked_nowhere_else(int status, Kind kind) {
    provider.script(Provider.json(status, "{}"));
    assertEquals(kind, fails(both()).kind());
    assertEquals(1, provider.requests.size());
    assertEquals(0, second.connections());
  }

  @Test
  void a_route_that_fails_often_is_left_alone_for_a_while() {
    provider.script(Provider.json(503, "{}"));
    LanguageModel model = model(local(route("a", ""), provider));
    for (int i = 0; i < 5; i++) {
      fails(model);
    }
    int asked = provider.requests.size();
    assertEquals(Kind.UNAVAILABLE, fails(model).kind());
    assertEquals(asked, provider.requests.size(), "nobody asked");
    clock.advance(Duration.ofSeconds(31));
    provider.script(Provider.json(200, Provider.says("back")));
    assertEquals("back", model.complete(prompt("x"), house.call(MINUTE)).text());
  }

  @ParameterizedTest
  @EnumSource
  void a_brokerages_day_ends_when_its_tokens_do_and_begins_anew(Engine engine) {
    house = new Loopback(directory, clock, engine);
    String small = local(route("a", ""), provider).replace("100000", "250");
    LanguageModel model = model(small);
    int calls = 0;
    ModelException over = null;
    while (over == null && calls < 50) {
      try {
        model.complete(prompt("x"), house.call(MINUTE));
        calls++;
      } catch (ModelException e) {
        over = e;
      }
    }
    assertTrue(calls >= 3, "what was not used was given back: " + calls);
    assertEquals(Kind.RATE_LIMITED, over.kind());
    assertEquals(calls, provider.requests.size());
    clock.advance(Duration.ofHours(12));
    model.complete(prompt("x"), house.call(MINUTE));
  }

  @ParameterizedTest
  @EnumSource
  void many_threads_together_stay_within_the_day(Engine engine) throws Exception {
    house = new Loopback(directory, clock, engine);
    provider.script(Provider.json(200, Provider.says("fine").replace("\"usage\"", "\"unknown\"")));
    String request = local(route("a", ""), provider).replace("100000", "1000");
    LanguageModel model = model(request);
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      calls.add(
          () -> {
            try {
              model.complete(prompt("x"), house.call(MINUTE));
              return true;
            } catch (ModelException e) {
              return false;
            }
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    int done = 0;
    for (Future<Boolean> one : threads.invokeAll(calls)) {
      done += one.get() ? 1 : 0;
    }
    threads.shutdown();
    long used =
        house
            .config
            .database()
            .read(
                work ->
                    work.handle()
                        .createQuery("select used from vesta_llm_tokens")
                        .mapTo(Long.class)
                        .one());
    assertTrue(done > 0 && done < 32 && used <= 1000, done + " calls, " + used + " tokens");
    assertEquals(done, provider.requests.size());
  }

  @Test
  void a_text_without_a_route_for_its_class_goes_nowhere() {
    LanguageModel model =
        model(local(route("a", ""), provider).replace("CONFIDENTIAL", "INTERNAL"));
    assertEquals(Kind.INVALID, fails(model).kind());
    assertEquals(0, provider.connections());
  }

  @Test
  void production_waits_for_two_persons() {
    LlmRouter router =
        house.router(
            Routes.load(document(route("a", "")), Environment.PRODUCTION),
            Loopback.answering("8.8.8.8"),
            TLS,
            provider.port());
    routers.add(router);
    VestaException refused =
        assertThrows(
            VestaException.class,
            () -> router.model(DataClass.PUBLIC).complete(prompt("x"), house.call(MINUTE)));
    assertEquals(LlmError.ROUTES_NOT_APPROVED, refused.code());
    assertEquals(0, provider.connections());
  }

  @Test
  void a_credential_that_is_not_there_ends_it_and_one_that_was_rotated_counts_at_once() {
    LanguageModel missing =
        model(local(route("a", ""), provider).replace("\"openai\"", "\"none\""));
    assertEquals(Kind.AUTH, fails(missing).kind());
    assertEquals(0, provider.requests.size());
    LanguageModel model = model(local(route("a", ""), provider));
    model.complete(prompt("x"), house.call(MINUTE));
    model.complete(prompt("x"), house.call(MINUTE));
    assertEquals(3, house.keyReads.get(), "asked for each call");
  }
}
