package io.vesta.identity.real;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.ANN;
import static io.vesta.identity.testkit.IdentityHouse.BROKER;
import static io.vesta.identity.testkit.IdentityHouse.BROWSER;
import static io.vesta.identity.testkit.IdentityHouse.HOME;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;
import static io.vesta.identity.testkit.IdentityHouse.SEND;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.UseOutcome;
import io.vesta.identity.login.Callback;
import io.vesta.identity.login.LoginProvider;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.testkit.IdentityHouse;
import io.vesta.testkit.MutableClock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A node in a process of its own that does everything there is, prints whatever it can lay hands
 * on, logs at its loudest, and then dumps its heap.
 */
final class CanaryNode {

  private CanaryNode() {}

  /** Issuer, database file, heap dump, and the time at which the provider stands. */
  public static void main(String[] args) throws Exception {
    MutableClock clock = new MutableClock(Instant.parse(args[3]));
    IdentityHouse house =
        new IdentityHouse(
                Database.sqlite(Path.of(args[1])),
                clock,
                Provider.oidc("acme", args[0]).loopback().build(),
                IdentityHouse.Options.usual())
            .install();
    List<Object> seen = new ArrayList<>();
    login(house, seen);
    AccountId id = connected(house, seen);
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofHours(2));
      seen.add(house.accounts.use(ACTOR, id, MAIL, token -> token.authorization().length()));
      seen.add(house.accounts.use(ACTOR, id, MAIL, token -> token));
      seen.add(house.accounts.use(ACTOR, id, SEND, token -> token));
    }
    seen.add(failure(() -> house.accounts.use(BROKER, id, MAIL, token -> token)));
    seen.add(
        failure(
            () ->
                house.accounts.use(
                    ACTOR,
                    id,
                    MAIL,
                    token -> {
                      throw new IllegalStateException("the use failed with " + token);
                    })));
    seen.add(house.stored(id));
    seen.addAll(house.stored(id).tokens().stream().toList());
    seen.addAll(house.accounts.list(ACTOR));
    seen.addAll(house.events);
    seen.forEach(System.out::println);
    seen.clear();
    dump(args[2]);
    System.out.println("DUMPED");
    System.out.println(house.offboarding.deprovision(BROKER, ANN));
    UseOutcome<Integer> gone = house.accounts.use(ACTOR, id, MAIL, token -> 1);
    System.out.println(gone);
  }

  private static void login(IdentityHouse house, List<Object> seen) throws Exception {
    Callback callback = browse(house.login.begin(BROWSER, HOME));
    LoginProvider.Login login = house.login.complete(BROWSER, callback);
    Secret session =
        house
            .config
            .database()
            .write(
                work -> {
                  house.links.link(work, BROKER, login.token(), ANN);
                  return house.sessions.begin(work, login.token(), Duration.ofHours(8));
                });
    seen.add(login);
    seen.add(callback);
    seen.add(session);
    seen.add(failure(() -> house.login.complete(BROWSER, callback)));
  }

  private static AccountId connected(IdentityHouse house, List<Object> seen) throws Exception {
    Callback callback = browse(house.accounts.connect(ACTOR, "acme", MAIL, BROWSER, HOME));
    var consent = house.accounts.complete(ACTOR, "acme", BROWSER, callback);
    seen.add(consent);
    return consent.account().id();
  }

  private static Object failure(Runnable act) {
    try {
      act.run();
      return "no failure";
    } catch (VestaException | IllegalStateException e) {
      java.io.StringWriter text = new java.io.StringWriter();
      e.printStackTrace(new java.io.PrintWriter(text));
      return text;
    }
  }

  /** The browser is another's program: its client does not stay. */
  private static Callback browse(URI request) throws IOException, InterruptedException {
    HttpResponse<Void> response =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(request).build(), HttpResponse.BodyHandlers.discarding());
    return Callback.get(
        URI.create(response.headers().firstValue("Location").orElseThrow()).getRawQuery());
  }

  private static void dump(String file) throws IOException {
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, true);
  }
}
