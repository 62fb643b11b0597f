package io.vesta.proof.publish.internal;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ProofError;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Renewal;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.LeakScan;
import io.vesta.proof.publish.LeakScan.Leak;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.render.ProofData;
import io.vesta.proof.render.ProofPage;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BinaryOperator;

/** Publishes through authority, leak scan, ledger and audit. */
public final class AuditedPublisher implements ProofPublisher {

  private static final AuditAction PUBLISHED = new AuditAction("vesta.proof.release.published");

  private final VestaConfig config;
  private final DisclosurePolicy policy;
  private final Authorizer authorizer;
  private final AuditTrail audit;
  private final Releases releases;

  /** See {@link ProofPublisher}. */
  @Inject
  public AuditedPublisher(
      VestaConfig config, DisclosurePolicy policy, Authorizer authorizer, AuditTrail audit) {
    this.config = config;
    this.policy = policy;
    this.authorizer = authorizer;
    this.audit = audit;
    releases = new Releases(config.random());
  }

  @Override
  public Publication publish(Actor actor, String claim, Protection protection, Canaries canaries) {
    return config.database().write(work -> publish(work, actor, claim, protection, canaries));
  }

  @Override
  public Publication publish(
      UnitOfWork work, Actor actor, String claim, Protection protection, Canaries canaries) {
    Resource resource =
        Resource.builder(ResourceType.PROOF_CLAIM, actor.brokerage(), claim).build();
    actor.requirePerson("publishing a proof page");
    authorizer.decide(actor, Action.PUBLISH, resource).orThrow();
    if (!protection.table().policy().equals(policy)) {
      throw new VestaException(
          ProofError.POLICY_DIFFERS,
          "the table was protected under another policy than vesta.proof; use the protector that"
              + " this module provides");
    }
    History history = releases.history(work, actor.brokerage(), claim);
    BinaryOperator<String> commitments = releases.commitments(work, actor.brokerage());
    Renewal renewal =
        Renewal.of(
            protection,
            protection.population().stream().map(row -> row.committed(commitments)).toList(),
            history);
    ReleasedTable table = renewal.table();
    byte[] page = ProofPage.render(table);
    byte[] data = ProofData.render(table);
    refuseLeaks(new LeakScan(canaries, table.words()), page, data);
    byte[] digest = sha256(page);
    UUID release = config.newId();
    Instant now = config.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    releases.add(
        work, release, actor.brokerage(), claim, history.releases() + 1, renewal, digest, now);
    audit.append(
        work,
        AuditEvent.builder(PUBLISHED, actor, resource.ref())
            .withDigest("page", digest)
            .withDigest("data", sha256(data))
            .with("shown", table.shown())
            .with("withheld", table.withheld())
            .with("fewestDeals", policy.deals())
            .with("notRenewed", renewal.refusals().size())
            .build());
    return new Publication(release, table, page, data, digest, renewal.refusals());
  }

  private static void refuseLeaks(LeakScan scan, byte[] page, byte[] data) {
    List<Leak> leaks = new ArrayList<>(scan.scan("index.html", page));
    leaks.addAll(scan.scan("proof.json", data));
    if (!leaks.isEmpty()) {
      Leak first = leaks.get(0);
      throw new VestaException(
          ProofError.LEAK_FOUND,
          first.part()
              + " holds a text of the source at character "
              + first.position()
              + " ("
              + first.form()
              + "), one of "
              + leaks.size()
              + "; take it out of the declared titles and labels");
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
