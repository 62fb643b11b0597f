package io.vesta.examples.benchmarks.audit;

import io.vesta.audit.guice.AuditModule;
import io.vesta.audit.key.Ed25519Signer;
import io.vesta.audit.log.AuditCheck;
import io.vesta.audit.log.AuditLog;
import io.vesta.audit.log.AuditQuery;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.retention.Erasure;
import io.vesta.audit.verify.Report;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.Vesta;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.rbac.guice.RbacModule;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** An audit log wired as a host would, and the entries that every benchmark writes. */
final class BenchLog {

  static final BrokerageId FIRM = new BrokerageId("acme");
  static final Actor BROKER = Actor.member(new MemberId(FIRM, "m-1"), Capacity.BROKER);

  /** How long an entry is, about. */
  static final int BYTES = 512;

  private static final String PREFIX = "audit.example.com/benchmark";
  private static final Secret KEY = Secret.of(Base64.getEncoder().encodeToString(seed()));
  private static final AuditAction EDITED = new AuditAction("vesta.approval.draft.edited");

  private final Vesta vesta;

  private BenchLog(Vesta vesta) {
    this.vesta = vesta;
  }

  /** A log with its tables. */
  static BenchLog over(Database database) {
    VestaConfig config =
        VestaConfig.builder(database)
            .property("vesta.audit.originPrefix", PREFIX)
            .secrets(name -> Optional.of(KEY))
            .build();
    Vesta vesta =
        Vesta.create(
            config,
            RbacModule.builder(BenchLog::organisation).build(),
            AuditModule.builder().signer(signer()).build());
    vesta.get(SchemaInstaller.class).install();
    return new BenchLog(vesta);
  }

  private static OrgSnapshot organisation() {
    MemberId broker = BROKER.member().orElseThrow();
    return OrgSnapshot.builder()
        .member(broker, new OfficeId(FIRM, "o-1"))
        .grant(broker, Capacity.BROKER, new Over.Brokerage(), Instant.EPOCH, Instant.MAX)
        .build();
  }

  static CheckpointSigner signer() {
    return Ed25519Signer.of(KEY);
  }

  static Vkey vkey() {
    return signer().vkey(PREFIX + "/" + FIRM.key());
  }

  private static byte[] seed() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 7);
    return seed;
  }

  /** An event whose entry has about {@link #BYTES} bytes: references, a number and digests. */
  static AuditEvent event(long number) {
    return AuditEvent.builder(EDITED, BROKER, new Ref("Draft", "d" + number % 100_000))
        .correlation(new Ref("Request", "r" + number))
        .with("revision", number)
        .withDigest("before", digest(number))
        .withDigest("after", digest(number + 1))
        .with("listing", new Ref("Listing", "l" + number % 1_000))
        .with("transaction", new Ref("Transaction", "t" + number % 1_000))
        .build();
  }

  private static byte[] digest(long number) {
    byte[] digest = new byte[32];
    for (int i = 0; i < digest.length; i++) {
      digest[i] = (byte) (number >> i % 7 ^ i * 31);
    }
    return digest;
  }

  AuditLog log() {
    return vesta.get(AuditLog.class);
  }

  Sequencer sequencer() {
    return vesta.get(Sequencer.class);
  }

  AuditQuery query() {
    return vesta.get(AuditQuery.class);
  }

  Erasure erasure() {
    return vesta.get(Erasure.class);
  }

  /** How many milliseconds proofs of random entries took, each of which verifies. */
  List<Double> proofs(long entries, int count) {
    Random random = new Random(20260101);
    List<Double> millis = new ArrayList<>();
    for (int i = -count / 10; i < count; i++) {
      long index = (long) (random.nextDouble() * entries);
      long begin = System.nanoTime();
      TlogProof proof = query().prove(BROKER, index).orElseThrow();
      if (i >= 0) {
        millis.add((System.nanoTime() - begin) / 1e6);
      }
      proof.verify(proof.extra().orElseThrow(), vkey(), List.of());
    }
    return millis;
  }

  /** Demands that the log holds so many entries and that all of it verifies. */
  void requireWhole(long entries) {
    sequencer().sequence();
    Checkpoint end = Checkpoint.parse(sequencer().sequence(FIRM).text());
    Report report = vesta.get(AuditCheck.class).check(FIRM);
    if (end.size() != entries || !report.ok()) {
      throw new IllegalStateException(
          "the log has " + end.size() + " entries where " + entries + " were written: " + report);
    }
  }
}
