package io.vesta.proof.publish.internal;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ProofError;
import io.vesta.proof.ledger.Release;
import io.vesta.proof.ledger.ReleaseLedger;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.protect.ReleasedTable;
import io.vesta.proof.protect.Renewal;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.Files;
import io.vesta.proof.publish.LeakScan;
import io.vesta.proof.publish.LeakScan.Leak;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.publish.Review;
import io.vesta.proof.signed.Manifest;
import io.vesta.proof.signed.ProofKey;
import io.vesta.proof.signed.internal.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BinaryOperator;

/** Publishes through authority, approval, leak scan, ledger, audit and signature. */
public final class AuditedPublisher implements ProofPublisher {

  private static final AuditAction APPROVED = new AuditAction("vesta.proof.release.approved");
  private static final AuditAction PUBLISHED = new AuditAction("vesta.proof.release.published");
  private static final AuditAction RETRACTED = new AuditAction("vesta.proof.release.retracted");

  private final VestaConfig config;
  private final DisclosurePolicy policy;
  private final Duration validity;
  private final Authorizer authorizer;
  private final AuditTrail audit;
  private final ReleaseLedger ledger;
  private final Optional<ProofKey> key;

  /** See {@link ProofPublisher}; {@code validity} is for how long a release may be relied on. */
  public AuditedPublisher(
      VestaConfig config,
      DisclosurePolicy policy,
      Duration validity,
      Authorizer authorizer,
      AuditTrail audit,
      ReleaseLedger ledger,
      Optional<ProofKey> key) {
    this.config = config;
    this.policy = policy;
    this.validity = validity;
    this.authorizer = authorizer;
    this.audit = audit;
    this.ledger = ledger;
    this.key = key;
  }

  /** A release in the making: what of its rows may be shown beside the history. */
  private record Draft(
      Renewal renewal, Files files, BinaryOperator<String> commitments, History history) {

    ReleasedTable table() {
      return renewal.table();
    }

    int number() {
      return history.releases() + 1;
    }
  }

  @Override
  public Review review(Actor actor, String claim, Protection protection, Canaries canaries) {
    require(actor, Action.DECIDE, claim);
    // A unit of work that writes, since the brokerage's secret may have to be made.
    return config
        .database()
        .write(
            work -> {
              History history = ledger.take(work, actor.brokerage(), claim);
              Draft draft = draft(work, actor.brokerage(), protection, history);
              refuseLeaks(draft, claim, canaries);
              return new Review(
                  claim, draft.number(), draft.table(), draft.files(), draft.renewal().refusals());
            });
  }

  @Override
  public void approve(Actor actor, Review review) {
    Resource resource = require(actor, Action.DECIDE, review.claim());
    MemberId approver = actor.requirePerson("approving a proof page");
    config
        .database()
        .write(
            work -> {
              Approvals.add(
                  work, approver, review.claim(), review.number(), review.digest(), now());
              return audit.append(
                  work,
                  AuditEvent.builder(APPROVED, actor, resource.ref())
                      .withDigest("files", HexFormat.of().parseHex(review.digest()))
                      .with("number", review.number())
                      .build());
            });
  }

  @Override
  public Publication publish(Actor actor, String claim, Protection protection, Canaries canaries) {
    return config.database().write(work -> publish(work, actor, claim, protection, canaries));
  }

  @Override
  public Publication publish(
      UnitOfWork work, Actor actor, String claim, Protection protection, Canaries canaries) {
    Resource resource = require(actor, Action.PUBLISH, claim);
    BrokerageId brokerage = actor.brokerage();
    History history = ledger.take(work, brokerage, claim);
    Draft draft = draft(work, brokerage, protection, history);
    refuseLeaks(draft, claim, canaries);
    MemberId approver =
        Approvals.of(work, brokerage, claim, draft.number(), draft.files().digest())
            .orElseThrow(AuditedPublisher::notApproved);
    Instant now = now();
    Manifest manifest =
        manifest(
            new Manifest.Facts(
                brokerage,
                claim,
                config.newId(),
                draft.number(),
                now,
                now.plus(validity),
                head(work, brokerage, claim, history.releases())),
            draft,
            protection);
    ledger.append(work, brokerage, claim, release(manifest, draft), draft.renewal());
    UUID entry =
        audit.append(
            work,
            AuditEvent.builder(PUBLISHED, actor, resource.ref())
                .withDigest("manifest", Digests.sha256(manifest.bytes()))
                .withDigest("page", digest(manifest, Files.PAGE))
                .withDigest("data", digest(manifest, Files.DATA))
                .with("number", manifest.number())
                .with("approver", approver)
                .with("expires", manifest.expires())
                .with("shown", draft.table().shown())
                .with("withheld", draft.table().withheld())
                .with("fewestDeals", policy.deals())
                .with("notRenewed", draft.renewal().refusals().size())
                .build());
    return new Publication(
        manifest,
        draft.table(),
        draft.files(),
        key.map(signer -> signer.sign(manifest)).orElse(null),
        entry,
        draft.renewal().refusals());
  }

  @Override
  public Optional<byte[]> retract(Actor actor, String claim, int number) {
    Resource resource = requireEither(actor, claim);
    Instant now = now();
    Release release =
        config
            .database()
            .write(
                work -> {
                  Release found = release(work, actor.brokerage(), claim, number);
                  ledger.retract(work, actor.brokerage(), claim, number, now);
                  audit.append(
                      work,
                      AuditEvent.builder(RETRACTED, actor, resource.ref())
                          .withDigest("manifest", HexFormat.of().parseHex(found.manifest()))
                          .with("number", number)
                          .build());
                  return found;
                });
    return key.map(signer -> signer.signRetraction(release.manifest(), now));
  }

  @Override
  public Manifest recompute(Actor actor, String claim, int number, Protection protection) {
    requireEither(actor, claim);
    return config
        .database()
        .write(
            work -> {
              BrokerageId brokerage = actor.brokerage();
              Release release = release(work, brokerage, claim, number);
              History history = ledger.before(work, brokerage, claim, number);
              Draft draft = draft(work, brokerage, protection, history);
              Manifest manifest =
                  manifest(
                      new Manifest.Facts(
                          brokerage,
                          claim,
                          release.id(),
                          number,
                          release.at(),
                          release.expires(),
                          head(work, brokerage, claim, number - 1)),
                      draft,
                      protection);
              if (!manifest.digest().equals(release.manifest())) {
                throw new VestaException(
                    ProofError.RECOMPUTED_DIFFERS,
                    "release "
                        + number
                        + " does not come out of these rows to the byte; use the rows as of its"
                        + " day, its spec, its policy and "
                        + Manifest.METHOD);
              }
              return manifest;
            });
  }

  private Resource require(Actor actor, Action action, String claim) {
    Resource resource = resource(actor, claim);
    actor.requirePerson("deciding about a proof page");
    authorizer.decide(actor, action, resource).orThrow();
    return resource;
  }

  /** Whoever may publish or decide. */
  private Resource requireEither(Actor actor, String claim) {
    Resource resource = resource(actor, claim);
    actor.requirePerson("deciding about a proof page");
    Decision publish = authorizer.decide(actor, Action.PUBLISH, resource);
    if (!publish.allowed()) {
      authorizer.decide(actor, Action.DECIDE, resource).orThrow();
    }
    return resource;
  }

  private static Resource resource(Actor actor, String claim) {
    return Resource.builder(ResourceType.PROOF_CLAIM, actor.brokerage(), claim).build();
  }

  private Draft draft(
      UnitOfWork work, BrokerageId brokerage, Protection protection, History history) {
    if (!protection.table().policy().equals(policy)) {
      throw new VestaException(
          ProofError.POLICY_DIFFERS,
          "the table was protected under another policy than vesta.proof; use the protector that"
              + " this module provides");
    }
    BinaryOperator<String> commitments = ledger.commitments(work, brokerage);
    Renewal renewal =
        Renewal.of(
            protection,
            protection.population().stream().map(row -> row.committed(commitments)).toList(),
            history);
    return new Draft(renewal, Files.of(renewal.table()), commitments, history);
  }

  private static Manifest manifest(Manifest.Facts facts, Draft draft, Protection protection) {
    return Manifest.of(
        facts, draft.table(), protection.population(), draft.commitments(), draft.files().byName());
  }

  private String head(UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    return number == 0 ? Release.NO_HEAD : release(work, brokerage, claim, number).head();
  }

  private Release release(UnitOfWork work, BrokerageId brokerage, String claim, int number) {
    return ledger
        .release(work, brokerage, claim, number)
        .orElseThrow(
            () ->
                new VestaException(
                    ProofError.UNKNOWN_RELEASE, "the claim has no release " + number));
  }

  private static Release release(Manifest manifest, Draft draft) {
    ReleasedTable table = draft.table();
    return new Release(
        manifest.release(),
        manifest.number(),
        manifest.issued(),
        manifest.expires(),
        table.period(),
        table.asOf(),
        HexFormat.of().formatHex(digest(manifest, Files.PAGE)),
        table.shown(),
        table.withheld(),
        manifest.digest(),
        Digests.link(manifest.previous(), manifest.digest()));
  }

  private static byte[] digest(Manifest manifest, String file) {
    return HexFormat.of().parseHex(manifest.files().getOrDefault(file, ""));
  }

  private Instant now() {
    return config.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static VestaException notApproved() {
    return new VestaException(
        ProofError.NOT_APPROVED,
        "nobody who may decide has approved these files as the next release; review and approve"
            + " them");
  }

  /** Of the manifest, only the claim's key is not in the files. */
  private static void refuseLeaks(Draft draft, String claim, Canaries canaries) {
    LeakScan scan = new LeakScan(canaries, draft.table().words());
    List<Leak> leaks = new ArrayList<>();
    draft.files().byName().forEach((name, bytes) -> leaks.addAll(scan.scan(name, bytes)));
    leaks.addAll(scan.scan("claim", claim.getBytes(StandardCharsets.UTF_8)));
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
}
