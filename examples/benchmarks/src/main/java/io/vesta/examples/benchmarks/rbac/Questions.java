package io.vesta.examples.benchmarks.rbac;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.TeamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * 64 questions about a policy in which each role may read each type in its own scope: an agent
 * their own records, a lead those of the team. Plain code answers them as they should be answered.
 */
final class Questions {

  /** A power of two. */
  static final int COUNT = 64;

  static final int MEMBERS = 16;

  static final BrokerageId FIRM = new BrokerageId("firm");

  private static final String AGENT = "AGENT";

  /** Who asks about which record. */
  record Question(
      String role, String member, String team, String type, String owner, String recordTeam) {

    Actor actor() {
      return Actor.member(new MemberId(FIRM, member), new Capacity(role));
    }

    Resource resource() {
      return Resource.builder(new ResourceType(type), FIRM, "r1")
          .owner(new MemberId(FIRM, owner))
          .team(new TeamId(FIRM, recordTeam))
          .build();
    }
  }

  private final Set<String> types;
  private final List<Question> list;

  /**
   * Makes them.
   *
   * @param rules how many the policy has: two for each type
   * @param allowed whether all of them are to be allowed, or none
   */
  Questions(int rules, boolean allowed) {
    types = IntStream.range(0, rules / 2).mapToObj(i -> "Type" + i).collect(Collectors.toSet());
    Random random = new Random(20260101);
    List<Question> made = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      boolean lead = random.nextBoolean();
      int me = random.nextInt(MEMBERS);
      // Of the other scope's fact nothing follows.
      int owner = lead ? random.nextInt(MEMBERS) : allowed ? me : (me + 1) % MEMBERS;
      int team = lead ? (allowed ? me : me + 1) % 4 : random.nextInt(4);
      made.add(
          new Question(
              lead ? "TEAM_LEAD" : AGENT,
              "m" + me,
              "t" + me % 4,
              "Type" + random.nextInt(rules / 2),
              "m" + owner,
              "t" + team));
    }
    list = List.copyOf(made);
  }

  List<String> types() {
    return types.stream().sorted().toList();
  }

  List<Question> list() {
    return list;
  }

  Question get(int i) {
    return list.get(i);
  }

  /** What plain code over hash sets answers. */
  boolean plain(int i) {
    Question q = list.get(i);
    return types.contains(q.type())
        && (q.role().equals(AGENT)
            ? q.owner().equals(q.member())
            : q.recordTeam().equals(q.team()));
  }

  /** Refuses an engine that answers any question otherwise than plain code. */
  IntPredicate hold(String engine, IntPredicate answer) {
    for (int i = 0; i < COUNT; i++) {
      if (answer.test(i) != plain(i)) {
        throw new IllegalStateException(engine + " answers question " + i + " otherwise");
      }
    }
    return answer;
  }
}
