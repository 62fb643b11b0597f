package io.vesta.audit.testkit;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.OptionalBinder;
import io.vesta.audit.export.TlogExport;
import io.vesta.audit.guice.AuditModule;
import io.vesta.audit.key.Ed25519Signer;
import io.vesta.audit.log.AuditCheck;
import io.vesta.audit.log.AuditLog;
import io.vesta.audit.log.AuditQuery;
import io.vesta.audit.log.Fork;
import io.vesta.audit.log.Sequencer;
import io.vesta.audit.log.Witnessing;
import io.vesta.audit.note.CheckpointSigner;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.retention.Erasure;
import io.vesta.audit.retention.LegalHolds;
import io.vesta.audit.retention.Pruning;
import io.vesta.audit.retention.VaultRotation;
import io.vesta.audit.witness.Witness;
import io.vesta.core.Vesta;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.config.VestaModule;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.testkit.Engine;
import io.vesta.testkit.MutableClock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** An audit log over a fresh database, wired as a host would, deterministic, for tests. */
public final class TestLog {

  /** The brokerage that tests write for. */
  public static final BrokerageId ACME = new BrokerageId("acme");

  /** A broker of it, who reads everything. */
  public static final Actor BROKER = Actor.member(new MemberId(ACME, "m-1"), Capacity.BROKER);

  /** What the origins begin with. */
  public static final String PREFIX = "audit.example.com/test";

  private static final String VAULT_KEY = "vesta.audit.vault-key";
  private static final String OTHER_VAULT_KEY = "vesta.audit.vault-key-before";

  private final Vesta vesta;
  private final Engine.Fresh fresh;
  private final MutableClock clock;

  private TestLog(Vesta vesta, Engine.Fresh fresh, MutableClock clock) {
    this.vesta = vesta;
    this.fresh = fresh;
    this.clock = clock;
  }

  /** A log over an empty database, signed by {@code signer(1)}. */
  public static TestLog over(Engine.Fresh fresh) {
    return node(fresh, 1, signer(1));
  }

  /**
   * One of several nodes over the same database.
   *
   * @param seed of the node's randomness; nodes must differ
   * @param signers who sign
   */
  public static TestLog node(Engine.Fresh fresh, long seed, CheckpointSigner... signers) {
    return node(fresh, seed, List.of(), signers);
  }

  /**
   * One of several nodes with witnesses.
   *
   * @param seed of the node's randomness; nodes must differ
   * @param witnesses whom to ask
   * @param signers who sign
   */
  public static TestLog node(
      Engine.Fresh fresh, long seed, List<Witness> witnesses, CheckpointSigner... signers) {
    return node(fresh, seed, witnesses, Map.of(VAULT_KEY, 5), signers);
  }

  /**
   * A node whose vault knows two keys: the first seals, both open.
   *
   * @param key a byte that is repeated
   * @param other another
   */
  public static TestLog withVaultKeys(Engine.Fresh fresh, long seed, int key, int other) {
    return node(fresh, seed, List.of(), Map.of(VAULT_KEY, key, OTHER_VAULT_KEY, other), signer(1));
  }

  private static TestLog node(
      Engine.Fresh fresh,
      long seed,
      List<Witness> witnesses,
      Map<String, Integer> secrets,
      CheckpointSigner... signers) {
    MutableClock clock = new MutableClock(Instant.parse("2026-03-04T05:06:07Z"));
    VestaConfig.Builder builder =
        VestaConfig.builder(fresh.database())
            .clock(clock)
            .random(new Random(seed))
            .property("vesta.audit.originPrefix", PREFIX)
            .secrets(name -> Optional.ofNullable(secrets.get(name)).map(TestLog::secret));
    if (secrets.containsKey(OTHER_VAULT_KEY)) {
      builder.property("vesta.audit.otherVaultKey", OTHER_VAULT_KEY);
    }
    VestaConfig config = builder.build();
    AuditModule.Builder module = AuditModule.builder();
    Arrays.stream(signers).forEach(module::signer);
    witnesses.forEach(module::witness);
    Vesta vesta = Vesta.create(config, new Rules(), module.build());
    vesta.get(SchemaInstaller.class).install();
    return new TestLog(vesta, fresh, clock);
  }

  /** A signer whose seed is one byte repeated. */
  public static CheckpointSigner signer(int seed) {
    return Ed25519Signer.of(secret(seed));
  }

  private static Secret secret(int filling) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) filling);
    return Secret.of(Base64.getEncoder().encodeToString(bytes));
  }

  /** The key of {@code signer(1)} for a brokerage's log. */
  public static Vkey vkey(BrokerageId brokerage) {
    return signer(1).vkey(PREFIX + "/" + brokerage.key());
  }

  /** An event of {@link #BROKER} about one of seven things. */
  public static AuditEvent event(int number) {
    return event(BROKER, number);
  }

  /** An event of an actor about one of seven things. */
  public static AuditEvent event(Actor actor, int number) {
    String verb = number % 3 == 0 ? "approved" : "edited";
    return AuditEvent.builder(
            new AuditAction("vesta.approval.draft." + verb),
            actor,
            new Ref("Draft", "d" + number % 7))
        .with("number", number)
        .build();
  }

  /** Records events in one transaction. */
  public List<UUID> append(int from, int to) {
    return database()
        .write(
            work ->
                IntStream.range(from, to)
                    .mapToObj(number -> log().append(work, event(number)))
                    .toList());
  }

  /** Where the log is. */
  public Database database() {
    return fresh.database();
  }

  /** Changes the tables behind the log's back. */
  public int tamper(String sql, Object... binds) {
    return database().write(work -> work.handle().execute(sql, binds));
  }

  /** The node's clock. */
  public MutableClock clock() {
    return clock;
  }

  /** Writes. */
  public AuditLog log() {
    return vesta.get(AuditLog.class);
  }

  /** Orders. */
  public Sequencer sequencer() {
    return vesta.get(Sequencer.class);
  }

  /** Takes back. */
  public Erasure erasure() {
    return vesta.get(Erasure.class);
  }

  /** Seals anew. */
  public VaultRotation rotation() {
    return vesta.get(VaultRotation.class);
  }

  /** Forbids. */
  public LegalHolds holds() {
    return vesta.get(LegalHolds.class);
  }

  /** Shortens. */
  public Pruning pruning() {
    return vesta.get(Pruning.class);
  }

  /** Asks witnesses. */
  public Witnessing witnessing() {
    return vesta.get(Witnessing.class);
  }

  /** Continues under another origin. */
  public Fork fork() {
    return vesta.get(Fork.class);
  }

  /** Reads. */
  public AuditQuery query() {
    return vesta.get(AuditQuery.class);
  }

  /** Verifies. */
  public AuditCheck check() {
    return vesta.get(AuditCheck.class);
  }

  /** Exports. */
  public TlogExport export() {
    return vesta.get(TlogExport.class);
  }

  /** Brokers read all of their brokerage's entries, agents their own, others nothing. */
  private static final class Rules extends AbstractModule implements VestaModule, Authorizer {

    @Override
    protected void configure() {
      OptionalBinder.newOptionalBinder(binder(), Authorizer.class).setBinding().toInstance(this);
    }

    @Override
    public Decision decide(Actor actor, Action action, Resource resource) {
      throw new AssertionError("the log asks for filters only");
    }

    @Override
    public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
      String tenant = columns.brokerage() + " = ?";
      String key = actor.brokerage().key();
      if (actor.capacity().equals(Optional.of(Capacity.BROKER))) {
        return new RowFilter.All(tenant, List.of(key), "test");
      }
      if (actor.capacity().equals(Optional.of(Capacity.AGENT))) {
        return new RowFilter.Where(
            tenant + " and " + columns.owner().orElseThrow() + " = ?",
            List.of(key, actor.member().orElseThrow().key()),
            "test");
      }
      return new RowFilter.None("test");
    }
  }
}
