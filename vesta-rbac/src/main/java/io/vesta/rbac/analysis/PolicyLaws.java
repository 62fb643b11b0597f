package io.vesta.rbac.analysis;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.MemberId;
import io.vesta.rbac.decide.WhatIf;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Laws that a brokerage's policy keeps whatever else it says; a policy that breaks one loads, and
 * is told here. Each is asked in every situation that can make a difference to the rules concerned.
 */
public final class PolicyLaws {

  /** What must hold. */
  public enum Law {
    /** In a supervising role nobody decides, approves or overrides on their own record. */
    NO_SELF_APPROVAL,
    /** Nobody decides on their own draft once it was routed to review. */
    ROUTED_NEEDS_SECOND_PERSON,
    /** Without an emergency an admin reads no person's details, notes or message bodies. */
    ADMIN_IS_NO_SUPERVISOR,
    /** An admin neither decides on a draft nor sends one, not even in an emergency. */
    ADMIN_SENDS_NOTHING,
    /** What an agent may read because it is their team's, the team's lead may read. */
    LEAD_SEES_WHAT_THE_TEAM_SEES,
    /** Unlinked personal mail is its owner's alone. */
    PERSONAL_MAIL_IS_PRIVATE,
    /** Nobody changes the audit log. */
    AUDIT_LOG_IS_APPEND_ONLY,
    /** No role both proposes and approves who may do what. */
    AUTHORITY_NEEDS_TWO_ROLES
  }

  /**
   * A law that does not hold.
   *
   * @param law which
   * @param role for whom
   * @param what {@code Type.action}
   * @param witness where it shows
   */
  public record Breach(Law law, Capacity role, String what, Witness witness) {

    /** Checks presence. */
    public Breach {
      Objects.requireNonNull(law, "law");
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(witness, "witness");
    }
  }

  private record Act(Capacity role, ResourceType type, Action action) {

    boolean is(String typeName, String... actions) {
      return type.name().equals(typeName) && Set.of(actions).contains(action.name());
    }

    String what() {
      return type.name() + "." + action.name();
    }
  }

  /** One situation as a law sees it. */
  private record Case(Act act, Actor actor, Resource record, WhatIf whatIf, boolean emergency) {

    boolean own() {
      return actor.member().equals(record.owner());
    }

    boolean mayAlso(Capacity role) {
      MemberId lead = new MemberId(record.brokerage(), "lead");
      return whatIf.allows(Actor.member(lead, role), act.action(), record);
    }
  }

  private PolicyLaws() {}

  /** The laws that a policy breaks, each with the first situation found for a role and act. */
  public static List<Breach> check(Policy policy) {
    Map<Act, List<Rule>> acts = new LinkedHashMap<>();
    for (Rule rule : policy.rules()) {
      for (Action action : rule.actions()) {
        acts.computeIfAbsent(new Act(rule.role(), rule.type(), action), act -> new ArrayList<>())
            .add(rule);
      }
    }
    Map<Capacity, SmallWorld> worlds = new HashMap<>();
    List<Breach> breaches = new ArrayList<>();
    for (Map.Entry<Act, List<Rule>> entry : acts.entrySet()) {
      Act act = entry.getKey();
      if (Arrays.stream(Law.values()).noneMatch(law -> concerns(law, act))) {
        continue;
      }
      List<Rule> rules = new ArrayList<>(entry.getValue());
      rules.addAll(
          acts.getOrDefault(new Act(Capacity.TEAM_LEAD, act.type(), act.action()), List.of()));
      SmallWorld world =
          worlds.computeIfAbsent(act.role(), role -> new SmallWorld(role, policy.supervisors()));
      WhatIf whatIf = world.whatIf(policy);
      for (Law law : Law.values()) {
        if (concerns(law, act)) {
          first(law, act, rules, world, whatIf, acts).ifPresent(breaches::add);
        }
      }
    }
    return breaches;
  }

  private static Optional<Breach> first(
      Law law,
      Act act,
      List<Rule> rules,
      SmallWorld world,
      WhatIf whatIf,
      Map<Act, List<Rule>> acts) {
    for (Actor actor : world.actors(false, rules)) {
      for (Resource record : SmallWorld.records(act.type(), actor, rules)) {
        Case one = new Case(act, actor, record, whatIf, world.emergency(actor));
        if (whatIf.allows(actor, act.action(), record) && breaks(law, one, acts)) {
          return Optional.of(new Breach(law, act.role(), act.what(), world.witness(actor, record)));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a law says anything of an act. */
  private static boolean concerns(Law law, Act act) {
    boolean agent = act.role().equals(Capacity.AGENT);
    boolean admin = act.role().equals(Capacity.ADMIN);
    return switch (law) {
      case NO_SELF_APPROVAL ->
          !agent
              && (act.is("Draft", "decide", "override", "approve")
                  || (authority(act) && act.action().name().equals("approve")));
      case ROUTED_NEEDS_SECOND_PERSON -> act.is("Draft", "decide", "override", "approve");
      case ADMIN_IS_NO_SUPERVISOR ->
          admin
              && (act.is("Contact", "read_pii", "read_notes", "update_pii", "update_notes")
                  || act.is("Thread", "read_body")
                  || act.is("Listing", "read_private")
                  || act.is("Draft", "read", "update"));
      case ADMIN_SENDS_NOTHING -> admin && act.is("Draft", "decide", "override", "send");
      case LEAD_SEES_WHAT_THE_TEAM_SEES ->
          agent && act.action().equals(Action.READ) && act.type().equals(ResourceType.CONTACT);
      case PERSONAL_MAIL_IS_PRIVATE -> act.type().name().equals("PersonalMail");
      case AUDIT_LOG_IS_APPEND_ONLY ->
          act.type().equals(ResourceType.AUDIT_ENTRY)
              && !act.is("AuditEntry", "read", "verify", "export");
      case AUTHORITY_NEEDS_TWO_ROLES ->
          authority(act)
              && !act.type().name().equals("BreakGlass")
              && act.action().name().equals("approve");
    };
  }

  private static boolean breaks(Law law, Case c, Map<Act, List<Rule>> acts) {
    return switch (law) {
      case NO_SELF_APPROVAL -> c.own();
      case ROUTED_NEEDS_SECOND_PERSON -> c.own() && c.record().routedToReview().orElse(false);
      case ADMIN_IS_NO_SUPERVISOR -> !c.emergency();
      case ADMIN_SENDS_NOTHING, AUDIT_LOG_IS_APPEND_ONLY -> true;
      case PERSONAL_MAIL_IS_PRIVATE -> !c.own();
      case LEAD_SEES_WHAT_THE_TEAM_SEES ->
          !c.own()
              && c.record().participants().isEmpty()
              && c.record().ownership().filter(Ownership.TEAM::equals).isPresent()
              && c.record().team().equals(SmallWorld.seat())
              && !c.mayAlso(Capacity.TEAM_LEAD);
      case AUTHORITY_NEEDS_TWO_ROLES ->
          acts.containsKey(new Act(c.act().role(), c.act().type(), new Action("propose")));
    };
  }

  private static boolean authority(Act act) {
    return Set.of("RoleGrant", "Policy", "BreakGlass").contains(act.type().name());
  }
}
