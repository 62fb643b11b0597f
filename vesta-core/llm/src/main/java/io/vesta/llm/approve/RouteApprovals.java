package io.vesta.llm.approve;

import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.TwoPersons;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditTrail;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.llm.LlmError;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Routes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * New routes take two persons: one who proposes a document, another who approves that very document
 * by its digest, each with an entry in the audit trail. Production sends nothing by routes that
 * nobody approved. Thread-safe.
 */
public final class RouteApprovals {

  private static final AuditAction PROPOSED = new AuditAction("vesta.llm.routes.proposed");
  private static final AuditAction APPROVED = new AuditAction("vesta.llm.routes.approved");
  private static final AuditAction REFUSED = new AuditAction("vesta.llm.routes.refused");

  private final VestaConfig config;
  private final AuditTrail trail;
  private final TwoPersons persons;

  /**
   * @param config its database holds the approvals
   * @param authorizer says who may {@code update} and {@code approve} an {@code LlmConfig}
   * @param trail records both
   */
  public RouteApprovals(VestaConfig config, Authorizer authorizer, AuditTrail trail) {
    this.config = Objects.requireNonNull(config, "config");
    this.trail = Objects.requireNonNull(trail, "trail");
    persons =
        new TwoPersons(
            authorizer, new ResourceType("LlmConfig"), Action.UPDATE, "a change of model routes");
  }

  /** The tables of approvals and budgets. */
  public static Schema schema() {
    return new Schema("llm", RouteApprovals.class, List.of("V1__llm.sql"));
  }

  /**
   * Proposes routes; nothing happens if they were proposed already.
   *
   * @param who a person who may propose
   * @throws AccessDeniedException if they may not
   */
  public void propose(Actor who, Routes routes) {
    MemberId proposer = persons.begin(who, routes.digest());
    Resource resource = persons.resource(proposer, routes.digest());
    config
        .database()
        .write(
            work -> {
              if (add(work, proposer, routes, config.now(work))) {
                trail.append(work, event(PROPOSED, who, resource, routes).build());
              }
              return true;
            });
  }

  /**
   * Approves what was proposed; production may use it from now on.
   *
   * @param second another person, who may approve
   * @param routes the same document, byte for byte
   * @throws AccessDeniedException if they may not, or proposed it themselves
   * @throws VestaException if nobody proposed it; asked first, whoever asks
   */
  public void approve(Actor second, Routes routes) {
    MemberId proposer =
        config
            .database()
            .read(work -> proposer(work, routes))
            .orElseThrow(
                () ->
                    VestaException.invalid("routes", "not proposed in this form", "propose them"));
    Resource resource = persons.resource(proposer, routes.digest());
    MemberId approver =
        persons.approve(
            second,
            proposer,
            routes.digest(),
            () ->
                record(
                    event(REFUSED, second, resource, routes)
                        .outcome(AuditEvent.Outcome.DENIED)
                        .build()));
    config
        .database()
        .write(
            work -> {
              if (approve(work, approver, routes, config.now(work))) {
                trail.append(work, event(APPROVED, second, resource, routes).build());
              }
              return true;
            });
  }

  /**
   * Checks that routes may be used.
   *
   * @throws VestaException with code {@code VESTA-LLM-002} if they are for production and nobody
   *     approved them
   */
  public static void require(UnitOfWork work, Routes routes) {
    if (routes.environment() == Environment.PRODUCTION
        && work.handle()
            .createQuery(
                "select count(*) from vesta_llm_routes where digest = :digest"
                    + " and approver is not null")
            .bind("digest", routes.digest())
            .mapTo(Integer.class)
            .one()
            .equals(0)) {
      throw new VestaException(
          LlmError.ROUTES_NOT_APPROVED,
          "nobody approved the model routes "
              + routes.digest().substring(0, 16)
              + "; propose them and let a second person approve them");
    }
  }

  private static boolean add(UnitOfWork work, MemberId proposer, Routes routes, Instant now) {
    return work.handle()
            .createUpdate(
                "insert into vesta_llm_routes (digest, brokerage, proposer, proposed_at)"
                    + " values (:digest, :brokerage, :proposer, :now)"
                    + " on conflict (digest) do nothing")
            .bind("digest", routes.digest())
            .bind("brokerage", proposer.brokerage().key())
            .bind("proposer", proposer.key())
            .bind("now", now.toEpochMilli())
            .execute()
        == 1;
  }

  private static Optional<MemberId> proposer(UnitOfWork work, Routes routes) {
    return work.handle()
        .createQuery("select brokerage, proposer from vesta_llm_routes where digest = :digest")
        .bind("digest", routes.digest())
        .map(
            (row, context) ->
                new MemberId(
                    new BrokerageId(row.getString("brokerage")), row.getString("proposer")))
        .findOne();
  }

  private static boolean approve(UnitOfWork work, MemberId approver, Routes routes, Instant now) {
    return work.handle()
            .createUpdate(
                "update vesta_llm_routes set approver = :approver, approved_at = :now"
                    + " where digest = :digest and approver is null")
            .bind("approver", approver.key())
            .bind("now", now.toEpochMilli())
            .bind("digest", routes.digest())
            .execute()
        == 1;
  }

  private void record(AuditEvent event) {
    config.database().write(work -> trail.append(work, event));
  }

  private static AuditEvent.Builder event(
      AuditAction action, Actor actor, Resource resource, Routes routes) {
    return AuditEvent.builder(action, actor, resource.ref())
        .withDigest("routes", HexFormat.of().parseHex(routes.digest()));
  }
}
