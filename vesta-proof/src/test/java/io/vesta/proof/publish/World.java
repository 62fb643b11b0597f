package io.vesta.proof.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.proof.ProofError;
import io.vesta.proof.ledger.internal.JdbcReleaseLedger;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.Tables;
import io.vesta.proof.publish.internal.AuditedPublisher;
import io.vesta.proof.signed.ProofKey;
import io.vesta.proof.signed.ProofVerifier;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A publisher on an engine and what it has written. */
public final class World {

  public static final BrokerageId FIRM = new BrokerageId("firm");
  public static final MemberId ANN = new MemberId(FIRM, "M01");
  public static final Actor BROKER = Actor.member(ANN, Capacity.BROKER);
  public static final Actor AGENT = Actor.member(new MemberId(FIRM, "M02"), Capacity.AGENT);
  public static final Actor RIVAL =
      Actor.member(new MemberId(new BrokerageId("rival"), "M01"), Capacity.BROKER);

  /** For how long its releases hold. */
  public static final Duration VALIDITY = Duration.ofDays(92);

  public final Engine.Fresh fresh;
  public final RecordingTrail trail;
  public final MutableClock clock = new MutableClock(Instant.parse("2026-07-01T08:00:00Z"));
  public final ProofKey key = ProofKey.generate("firm-2026");
  public final ProofPublisher publisher;

  public World(Engine engine, Path directory) {
    fresh = engine.fresh(directory);
    new SchemaInstaller(fresh.database(), Set.of(ProofPublisher.schema())).install();
    trail = new RecordingTrail(fresh.database());
    publisher = node();
  }

  /** One more node over the same database. */
  public ProofPublisher node() {
    VestaConfig config = VestaConfig.builder(fresh.database()).clock(clock).build();
    return new AuditedPublisher(
        config,
        Tables.THREE,
        VALIDITY,
        new ListedAuthorizer(Set.of(BROKER, RIVAL, Actor.bot("gpt", ANN))),
        trail,
        new JdbcReleaseLedger(config.random()),
        Optional.of(key));
  }

  /** Approves what would come out. */
  public void approve(Actor actor, String claim, Protection protection, Canaries canaries) {
    publisher.approve(actor, publisher.review(actor, claim, protection, canaries));
  }

  /** Approves and publishes. */
  public Publication publish(Actor actor, String claim, Protection protection, Canaries canaries) {
    approve(actor, claim, protection, canaries);
    return publisher.publish(actor, claim, protection, canaries);
  }

  /** What a stranger with the public key finds, now. */
  public ProofVerifier.Verdict verdict(Publication publication, byte[]... retractions) {
    return new ProofVerifier(key.publicKeys())
        .verify(
            publication.signature().orElseThrow(),
            publication.files(),
            List.of(retractions),
            clock.instant());
  }

  public int releases() {
    return count("vesta_proof_release");
  }

  public int count(String table) {
    return fresh
        .database()
        .read(
            work ->
                work.handle()
                    .createQuery("select count(*) from " + table)
                    .mapTo(Integer.class)
                    .one());
  }

  /** Expects a refusal that leaves nothing behind, and returns its sentence. */
  String refused(ProofError code, Supplier<?> attempt) {
    int before = releases();
    int entries = trail.entries().size();
    VestaException refusal = assertThrows(VestaException.class, attempt::get);
    assertEquals(code, refusal.code());
    assertEquals(before, releases());
    assertEquals(entries, trail.entries().size());
    return String.valueOf(refusal.getMessage());
  }
}
