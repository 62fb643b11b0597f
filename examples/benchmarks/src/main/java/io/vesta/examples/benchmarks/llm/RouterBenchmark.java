package io.vesta.examples.benchmarks.llm;

import com.sun.net.httpserver.HttpServer;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.Prompt;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.llm.approve.RouteApprovals;
import io.vesta.llm.call.LlmRouter;
import io.vesta.llm.route.DataClass;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Routes;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A call through the router beside the same request made by hand, to one provider on loopback that
 * answers at once: what lies between them is what the router adds. It redacts, takes tokens and
 * writes two entries; the database is SQLite, and its two commits, each with a sync of the file,
 * are part of what is timed. {@link #commits} shows what two empty ones cost alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(3)
public class RouterBenchmark {

  private static final String ANSWER =
      """
      {"model": "m", "choices": [{"finish_reason": "stop",
       "message": {"role": "assistant", "content": "Thank you, Friday at ten suits us."}}],
       "usage": {"prompt_tokens": 200, "completion_tokens": 9}}""";

  private static final String MESSAGE =
      "Hello, could we see the house on Friday? Call me at (212) 555-0123 or jo@example.com. "
          .repeat(10);

  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private HttpServer provider;
  private Database database;
  private LlmRouter router;
  private LanguageModel model;
  private CloseableHttpClient hand;
  private String address;

  /** Starts the provider and makes sure that both ways bring its answer. */
  @Setup
  public void open() throws IOException {
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.setExecutor(threads);
    byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
    provider.createContext(
        "/v1",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    provider.start();
    address = "http://localhost:" + provider.getAddress().getPort() + "/v1";
    Path directory = Files.createTempDirectory("router");
    database = Database.sqlite(directory.resolve("vesta.db"));
    new SchemaInstaller(database, Set.of(RouteApprovals.schema())).install();
    VestaConfig config =
        VestaConfig.builder(database).secrets(name -> Optional.of(Secret.of("key"))).build();
    Routes routes =
        Routes.load(
            """
            {"hosts": ["localhost"], "routes": [{"id": "a", "api": "OPENAI_CHAT",
              "endpoint": "%s", "model": "m", "region": "here", "dataClass": "CONFIDENTIAL",
              "credential": "key", "tokensPerDay": 1000000000000}]}"""
                .formatted(address),
            Environment.DEVELOPMENT);
    router = new LlmRouter(config, routes, (work, event) -> new UUID(0, 1));
    model = router.model(DataClass.CONFIDENTIAL);
    hand = HttpClients.createDefault();
    if (!router().equals("Thank you, Friday at ten suits us.") || !byHand().equals(ANSWER)) {
      throw new IllegalStateException("one of the ways brings something else");
    }
  }

  /** Through the router. */
  @Benchmark
  public String router() {
    Prompt prompt =
        new Prompt(
            "Answer briefly.",
            List.of(new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.UNTRUSTED, MESSAGE)),
            100,
            0);
    Call call =
        new Call(
            UUID.randomUUID(),
            new BrokerageId("firm"),
            Instant.now().plusSeconds(60),
            new Call.CancelToken());
    return model.complete(prompt, call).text();
  }

  /** The same request by hand. */
  @Benchmark
  public String byHand() throws IOException {
    HttpPost post = new HttpPost(address);
    post.setEntity(new StringEntity(MESSAGE));
    return hand.execute(post, response -> EntityUtils.toString(response.getEntity()));
  }

  /** Two commits that each change a row. */
  @Benchmark
  public int commits() {
    int changed = 0;
    for (int i = 0; i < 2; i++) {
      changed +=
          database.write(
              work -> work.handle().execute("update vesta_llm_tokens set used = used + 1"));
    }
    return changed;
  }

  /** Stops everything. */
  @TearDown
  public void close() throws IOException {
    router.close();
    hand.close();
    provider.stop(0);
    threads.shutdown();
    database.close();
  }
}
