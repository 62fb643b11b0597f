package io.vesta.examples.quickstart;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.Ref;
import io.vesta.core.id.TeamId;
import io.vesta.examples.quickstart.reso.BrokerageData;
import io.vesta.examples.quickstart.reso.BrokerageData.Member;
import io.vesta.examples.quickstart.reso.BrokerageData.Office;
import io.vesta.examples.quickstart.reso.BrokerageData.Team;
import io.vesta.examples.quickstart.reso.BrokerageData.TeamMember;
import io.vesta.rbac.org.OrgDirectory;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Who works where, from the imported files: an office's broker supervises the brokerage, its
 * manager the office, a team's lead the team, and everybody does their own work.
 */
final class Organisation implements OrgDirectory {

  /** The operations manager, who runs accounts and the web site. */
  static final String ADMIN = "M39";

  private final BrokerageId brokerage;
  private final BrokerageData data;
  private final Clock clock;

  Organisation(BrokerageId brokerage, BrokerageData data, Clock clock) {
    this.brokerage = brokerage;
    this.data = data;
    this.clock = clock;
  }

  @Override
  public OrgSnapshot snapshot() {
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (Member member : data.members().rows()) {
      org.member(
          new OrgSnapshot.Member(id(member.key()), office(member.officeKey()), member.active()));
      org.grant(id(member.key()), Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX);
    }
    for (Office office : data.offices().rows()) {
      org.grant(
          id(office.brokerKey()),
          Capacity.BROKER,
          new Over.Brokerage(),
          Instant.EPOCH,
          Instant.MAX);
      org.grant(
          id(office.managerKey()),
          Capacity.BROKER,
          new Over.Office(office(office.key())),
          Instant.EPOCH,
          Instant.MAX);
    }
    for (TeamMember one : data.teamMembers().rows()) {
      org.membership(
          id(one.memberKey()), team(one.teamKey()), one.from(), one.to().orElse(Instant.MAX));
    }
    for (Team team : data.teams().rows()) {
      Over over = new Over.Team(team(team.key()));
      MemberId lead = id(team.leadKey());
      org.grant(lead, Capacity.TEAM_LEAD, over, Instant.EPOCH, Instant.MAX);
      // A lead supervises by the broker's written word.
      org.supervision(
          new Supervision(
              id(broker(team.officeKey())),
              lead,
              over,
              new Ref("Delegation", team.key()),
              new Span(Instant.EPOCH, Instant.MAX)));
    }
    org.grant(id(ADMIN), Capacity.ADMIN, new Over.Brokerage(), Instant.EPOCH, Instant.MAX);
    return org.build();
  }

  private String broker(String officeKey) {
    return data.offices().rows().stream()
        .filter(office -> office.key().equals(officeKey))
        .map(Office::brokerKey)
        .findFirst()
        .orElseThrow();
  }

  MemberId id(String key) {
    return new MemberId(brokerage, key);
  }

  OfficeId office(String key) {
    return new OfficeId(brokerage, key);
  }

  TeamId team(String key) {
    return new TeamId(brokerage, key);
  }

  /** A member at work; a host makes this from a verified login. */
  Actor at(String memberKey, Capacity capacity) {
    return Actor.member(id(memberKey), capacity);
  }

  /** The team that a member belongs to now; the first if there are several. */
  Optional<TeamId> teamOf(String memberKey) {
    Instant now = clock.instant();
    return data.teamMembers().rows().stream()
        .filter(one -> one.memberKey().equals(memberKey))
        .filter(one -> !now.isBefore(one.from()) && one.to().map(now::isBefore).orElse(true))
        .map(one -> team(one.teamKey()))
        .findFirst();
  }

  Member member(String key) {
    return data.members().rows().stream()
        .filter(member -> member.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  Office officeOf(Member member) {
    return data.offices().rows().stream()
        .filter(office -> office.key().equals(member.officeKey()))
        .findFirst()
        .orElseThrow();
  }
}
