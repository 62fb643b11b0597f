package io.vesta.identity.real;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.identity.account.AccessToken;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.UseOutcome;
import io.vesta.identity.testkit.IdentityHouse;
import io.vesta.identity.testkit.LoopbackProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks 27 and 28 with real processes: one account, many nodes, and nodes that are killed. In
 * small with {@code -Dvesta.nodes=2}, in full by the profile soak.
 */
@EnabledIfSystemProperty(named = "vesta.nodes", matches = "[0-9]+")
class RefreshSoakTest {

  private static final int NODES = Integer.getInteger("vesta.nodes", 2);
  private static final int THREADS = Integer.getInteger("vesta.refreshers", 8);
  private static final int EXPIRIES = Integer.getInteger("vesta.refreshes", 2);
  private static final int KILLS = Integer.getInteger("vesta.kills", 1);

  @TempDir Path directory;

  private final LoopbackProvider provider = new LoopbackProvider(Clock.systemUTC());
  private final List<Process> nodes = new CopyOnWriteArrayList<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final Random random = new Random(11);
  private IdentityHouse house;
  private AccountId id;

  @AfterEach
  void stop() {
    stopNodes();
    provider.close();
  }

  private void stopNodes() {
    nodes.forEach(Process::destroyForcibly);
    nodes.forEach(node -> node.onExit().join());
  }

  private void connect() {
    house =
        SoakNode.house(provider.issuer(), directory.resolve("vesta.db"), Duration.ofSeconds(10))
            .install();
    provider.response =
        answer -> {
          // Fresh for half a second.
          answer.put("expires_in", 1);
          return answer;
        };
    id = house.connected(provider);
  }

  private void launch() {
    try {
      nodes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  SoakNode.class.getName(),
                  provider.issuer(),
                  directory.resolve("vesta.db").toString(),
                  id.value().toString(),
                  String.valueOf(THREADS))
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
              .start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs until the provider was asked so often; it kills a node at each of the given requests. */
  private void run(int requests, int kills) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(requests);
    AtomicInteger killed = new AtomicInteger();
    provider.afterToken =
        exchange -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          try {
            long done = requests - left.getCount() + 1;
            if (done * kills / requests > killed.get()) {
              killed.incrementAndGet();
              // It has rotated, and nobody knows yet; with luck it is the asker who dies.
              nodes.remove(random.nextInt(nodes.size())).destroyForcibly().onExit().join();
              launch();
            }
            left.countDown();
            return null;
          } finally {
            inFlight.decrementAndGet();
          }
        };
    assertTrue(
        left.await(60 + 20L * requests, TimeUnit.SECONDS),
        () -> "still " + left.getCount() + " to go: " + output());
    assertEquals(kills, killed.get());
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("output"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void requireAlive() {
    assertFalse(output().contains(SoakNode.LOST), this::output);
    UseOutcome<String> outcome;
    do {
      outcome = house.accounts.use(ACTOR, id, MAIL, AccessToken::authorization);
    } while (outcome instanceof UseOutcome.ProviderDown);
    assertTrue(outcome instanceof UseOutcome.Done, outcome::toString);
    assertTrue(provider.alive(house.refreshToken(id)));
    assertEquals(1, most.get(), "never two requests at once");
  }

  @Test
  void each_expiry_is_one_request_over_all_processes_and_killed_nodes_lose_no_grant()
      throws Exception {
    connect();
    int before = provider.count("/token");
    for (int i = 0; i < NODES; i++) {
      launch();
    }
    // A provider that forgives nothing: a second request for one expiry would be the end.
    run(EXPIRIES, 0);
    assertTrue(unanswered(before) <= 1, "one is perhaps on its way");
    // One that keeps the old token alive, as it must be if the asker dies with the answer.
    provider.rotation = LoopbackProvider.Rotation.KEEPS_OLD;
    run(EXPIRIES, KILLS);
    stopNodes();
    requireAlive();
    int lost = unanswered(before);
    assertTrue(lost >= 0 && lost <= KILLS + 1, () -> lost + " requests without a rotation");
  }

  /** Requests that have led to no rotation. */
  private int unanswered(int before) {
    int asked = provider.count("/token") - before;
    return asked - (int) (house.stored(id).serial() - 1);
  }
}
