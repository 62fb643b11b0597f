package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.org.Coverage;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.OrgSnapshot.Membership;
import io.vesta.rbac.org.RoleGrant;
import io.vesta.rbac.org.RoleGrant.Origin;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.org.Span;
import io.vesta.rbac.org.Supervision;
import io.vesta.rbac.policy.Permission;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The organisation laid out for speed: what a decision needs of a member is reached by one look-up,
 * times are whole milliseconds. Immutable after construction.
 */
final class CompiledOrg {

  /** A member. The arrays are filled when everybody is known, then never changed. */
  static final class Person {
    final MemberId id;
    final OfficeId office;
    final boolean active;
    Seat[] seats = {};
    Held[] grants = {};
    Stand[] stands = {};
    Watch[] watches = {};

    Person(OrgSnapshot.Member member) {
      id = member.id();
      office = member.office();
      active = member.active();
    }

    /** Whether they are a live member of the record's team. */
    boolean sitsIn(@Nullable TeamId team, long now) {
      if (team != null) {
        for (Seat seat : seats) {
          if (seat.from <= now && now < seat.until && seat.team.equals(team)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  /** A membership. */
  record Seat(TeamId team, long from, long until) {}

  /** A grant. */
  record Held(
      Capacity role, Reach reach, long from, long until, boolean emergency, RoleGrant grant) {

    boolean liveAt(long now) {
      return from <= now && now < until;
    }
  }

  /** A coverage. */
  record Stand(Person absent, List<Permission> only, long from, long until) {

    boolean countsAt(long now) {
      return from <= now && now < until && absent.active;
    }

    /** Whether it lends the permission; compares without making one. */
    boolean lends(Resource resource, Action action) {
      if (only.isEmpty()) {
        return true;
      }
      for (int i = 0; i < only.size(); i++) {
        Permission permission = only.get(i);
        if (permission.type().equals(resource.type()) && permission.action().equals(action)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A delegation of supervision. */
  record Watch(Person by, Reach reach, long from, long until) {

    boolean countsAt(long now, Set<Capacity> supervisors) {
      if (now < from || until <= now || !by.active) {
        return false;
      }
      for (Held held : by.grants) {
        if (held.liveAt(now)
            && !held.emergency
            && supervisors.contains(held.role)
            && held.reach.over.covers(reach.over)) {
          return true;
        }
      }
      return false;
    }
  }

  /** What a grant or delegation reaches; at most one of the ids is set. */
  static final class Reach {
    final Over over;
    final boolean everything;
    final boolean self;
    final @Nullable OfficeId office;
    final @Nullable TeamId team;

    Reach(Over over) {
      this.over = over;
      everything = over instanceof Over.Brokerage;
      self = over instanceof Over.Self;
      office = over instanceof Over.Office one ? one.office() : null;
      team = over instanceof Over.Team one ? one.team() : null;
    }

    /** Whether a record lies in it, {@link #self} left aside. */
    boolean holds(Resource resource) {
      return everything
          || (office != null && office.equals(resource.officeOrNull()))
          || (team != null && team.equals(resource.teamOrNull()));
    }
  }

  /** Everybody at the place of their id's hash or after it; at most half full. */
  private final Person[] people;

  CompiledOrg(OrgSnapshot org) {
    people = new Person[Integer.highestOneBit(Math.max(1, org.members().size())) * 4];
    org.members().forEach(member -> people[place(member.id())] = new Person(member));
    for (Person person : people) {
      if (person != null) {
        fill(person, org);
      }
    }
  }

  /** The member, or null. */
  @Nullable Person person(MemberId id) {
    return people[place(id)];
  }

  /** Where a member stands, or would. */
  private int place(MemberId id) {
    int place = spread(id.key().hashCode()) & people.length - 1;
    while (people[place] != null && !people[place].id.equals(id)) {
      place = place + 1 & people.length - 1;
    }
    return place;
  }

  /** Lets every bit of a hash count in the low ones, for tables whose size is a power of two. */
  static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ mixed >>> 16;
  }

  private void fill(Person person, OrgSnapshot org) {
    List<Membership> memberships = org.memberships(person.id);
    person.seats =
        memberships.stream()
            .map(
                one -> {
                  Span span = new Span(one.from(), one.until());
                  return new Seat(one.team(), span.fromMillis(), span.untilMillis());
                })
            .toArray(Seat[]::new);
    person.grants = org.grants(person.id).stream().map(CompiledOrg::held).toArray(Held[]::new);
    List<Coverage> coverages = org.coveragesBy(person.id);
    person.stands =
        coverages.stream()
            .map(
                one ->
                    new Stand(
                        known(one.absent()),
                        List.copyOf(one.only()),
                        one.span().fromMillis(),
                        one.span().untilMillis()))
            .toArray(Stand[]::new);
    List<Supervision> supervisions = org.supervisionsTo(person.id);
    person.watches =
        supervisions.stream()
            .map(
                one ->
                    new Watch(
                        known(one.by()),
                        new Reach(one.over()),
                        one.span().fromMillis(),
                        one.span().untilMillis()))
            .toArray(Watch[]::new);
  }

  private static Held held(RoleGrant grant) {
    return new Held(
        grant.role(),
        new Reach(grant.over()),
        grant.span().fromMillis(),
        grant.span().untilMillis(),
        grant.origin() == Origin.BREAK_GLASS,
        grant);
  }

  private Person known(MemberId id) {
    Person person = person(id);
    if (person == null) {
      throw new IllegalStateException("the snapshot's builder admits known members only");
    }
    return person;
  }
}
