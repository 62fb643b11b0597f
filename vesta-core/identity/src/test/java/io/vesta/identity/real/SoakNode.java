package io.vesta.identity.real;

import static io.vesta.identity.testkit.IdentityHouse.ACTOR;
import static io.vesta.identity.testkit.IdentityHouse.ANN;
import static io.vesta.identity.testkit.IdentityHouse.MAIL;

import io.vesta.core.storage.Database;
import io.vesta.identity.account.AccessToken;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.UseOutcome;
import io.vesta.identity.provider.Provider;
import io.vesta.identity.testkit.IdentityHouse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** A node in a process of its own whose threads use one account until the process is killed. */
final class SoakNode {

  /** What a node says when somebody has to connect the account again, and then ends. */
  static final String LOST = "LOST";

  private SoakNode() {}

  /** Issuer, database file, account, threads. */
  public static void main(String[] args) {
    IdentityHouse house = house(args[0], Path.of(args[1]), Duration.ofSeconds(5));
    AccountId id = new AccountId(ANN.brokerage(), UUID.fromString(args[2]));
    for (int i = 0; i < Integer.parseInt(args[3]); i++) {
      Random random = new Random(i);
      new Thread(
              () -> {
                while (true) {
                  use(house, id);
                  LockSupport.parkNanos(random.nextInt(200_000_000));
                }
              })
          .start();
    }
  }

  /** A node by the wall clock, with a provider that must answer within the deadline. */
  static IdentityHouse house(String issuer, Path file, Duration deadline) {
    return new IdentityHouse(
        Database.sqlite(file),
        Clock.systemUTC(),
        Provider.oidc("acme", issuer).loopback().build(),
        IdentityHouse.Options.usual().deadline(deadline),
        new Random(),
        java.util.Map.of());
  }

  private static void use(IdentityHouse house, AccountId id) {
    UseOutcome<String> outcome = house.accounts.use(ACTOR, id, MAIL, AccessToken::authorization);
    if (!(outcome instanceof UseOutcome.Done) && !(outcome instanceof UseOutcome.ProviderDown)) {
      System.out.println(LOST + " " + outcome);
      Runtime.getRuntime().halt(1);
    }
  }
}
