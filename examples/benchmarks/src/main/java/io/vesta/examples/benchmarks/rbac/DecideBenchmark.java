package io.vesta.examples.benchmarks.rbac;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.apache.shiro.authc.AuthenticationInfo;
import org.apache.shiro.authc.AuthenticationToken;
import org.apache.shiro.authz.AuthorizationInfo;
import org.apache.shiro.authz.SimpleAuthorizationInfo;
import org.apache.shiro.cache.MemoryConstrainedCacheManager;
import org.apache.shiro.realm.AuthorizingRealm;
import org.apache.shiro.subject.PrincipalCollection;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision of a policy in which each role may read each type in its own scope: an agent their
 * own records, a lead those of the team. 64 questions rotate, and every engine answers all of them
 * like plain code before anything is timed.
 *
 * <p>Fairness: Shiro gets the record's scope as a part of the permission, worked out outside of the
 * timed loop, with its authorization cache on; jCasbin gets strings and the same rule in its
 * matcher.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DecideBenchmark {

  private static final BrokerageId FIRM = new BrokerageId("firm");
  private static final int QUESTIONS = 64;
  private static final String MODEL =
      """
      [request_definition]
      r = role, member, team, type, act, owner, rteam
      [policy_definition]
      p = role, type, act, scope
      [policy_effect]
      e = some(where (p.eft == allow))
      [matchers]
      m = r.role == p.role && r.type == p.type && r.act == p.act && ((p.scope == "own" && r.owner == r.member) || (p.scope == "team" && r.rteam == r.team))
      """;

  /** How many rules the policy has. */
  @Param({"8", "80", "10000"})
  public int rules;

  private record Question(
      String role, String member, String team, String type, String owner, String recordTeam) {}

  private final Question[] questions = new Question[QUESTIONS];
  private final Actor[] actors = new Actor[QUESTIONS];
  private final Resource[] resources = new Resource[QUESTIONS];
  private final PrincipalCollection[] principals = new PrincipalCollection[QUESTIONS];
  private final String[] permissions = new String[QUESTIONS];
  private final Map<String, Set<String>> byHand = new HashMap<>();
  private Guard guard;
  private AuthorizingRealm realm;
  private Enforcer enforcer;
  private int next;

  /** Makes the questions, the engines, and holds them to plain code. */
  @Setup
  public void setUp() {
    Random random = new Random(20260101);
    List<String> documents = new ArrayList<>();
    Model model = new Model();
    model.loadModelFromText(MODEL);
    enforcer = new Enforcer(model);
    for (int i = 0; i < rules / 2; i++) {
      String type = "Type" + i;
      documents.add(rule(type, "AGENT", "OWN"));
      documents.add(rule(type, "TEAM_LEAD", "TEAM"));
      byHand.computeIfAbsent("AGENT", role -> new HashSet<>()).add(type);
      byHand.computeIfAbsent("TEAM_LEAD", role -> new HashSet<>()).add(type);
      enforcer.addPolicy("AGENT", type, "read", "own");
      enforcer.addPolicy("TEAM_LEAD", type, "read", "team");
    }
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (int i = 0; i < 16; i++) {
      MemberId member = new MemberId(FIRM, "m" + i);
      org.member(member, new OfficeId(FIRM, "o1"))
          .membership(member, new TeamId(FIRM, "t" + i % 4), Instant.EPOCH, Instant.MAX)
          .grant(member, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX)
          .grant(member, Capacity.TEAM_LEAD, new Over.Brokerage(), Instant.EPOCH, Instant.MAX);
    }
    Policy policy =
        Policy.load(
            "{\"policy\":\"benchmark\",\"roles\":[\"AGENT\",\"TEAM_LEAD\"],\"rules\":["
                + String.join(",", documents)
                + "]}");
    guard = new Guard(policy, org.build(), Clock.systemUTC());
    realm = new Realm(byHand);
    for (int i = 0; i < QUESTIONS; i++) {
      ask(i, random);
    }
    require("vesta", i -> guard.allows(actors[i], Action.READ, resources[i]));
    require("shiro", i -> realm.isPermitted(principals[i], permissions[i]));
    require("jcasbin", this::enforced);
  }

  private static String rule(String type, String role, String scope) {
    return "{\"id\":\""
        + type.toLowerCase(Locale.ROOT)
        + "."
        + role.toLowerCase(Locale.ROOT)
        + "\",\"role\":\""
        + role
        + "\",\"resource\":\""
        + type
        + "\",\"actions\":[\"read\"],\"scope\":[\""
        + scope
        + "\"]}";
  }

  private void ask(int i, Random random) {
    boolean yes = i % 2 == 0;
    boolean lead = random.nextBoolean();
    int me = random.nextInt(16);
    int owner = yes || lead ? me : (me + 1) % 16;
    int team = yes || !lead ? me % 4 : (me + 1) % 4;
    String role = lead ? "TEAM_LEAD" : "AGENT";
    String type = "Type" + random.nextInt(rules / 2);
    questions[i] = new Question(role, "m" + me, "t" + me % 4, type, "m" + owner, "t" + team);
    actors[i] = Actor.member(new MemberId(FIRM, "m" + me), new Capacity(role));
    resources[i] =
        Resource.builder(new ResourceType(type), FIRM, "r" + i)
            .owner(new MemberId(FIRM, "m" + owner))
            .team(new TeamId(FIRM, "t" + team))
            .build();
    principals[i] = new SimplePrincipalCollection(role + "/m" + me, "benchmark");
    String scope = lead ? (team == me % 4 ? "team" : "other") : (owner == me ? "own" : "other");
    permissions[i] = type + ":read:" + scope;
  }

  private boolean plain(int i) {
    Question q = questions[i];
    Set<String> types = byHand.get(q.role());
    return types != null
        && types.contains(q.type())
        && (q.role().equals("AGENT")
            ? q.owner().equals(q.member())
            : q.recordTeam().equals(q.team()));
  }

  private boolean enforced(int i) {
    Question q = questions[i];
    return enforcer.enforce(
        q.role(), q.member(), q.team(), q.type(), "read", q.owner(), q.recordTeam());
  }

  private void require(String engine, IntPredicate answer) {
    for (int i = 0; i < QUESTIONS; i++) {
      if (answer.test(i) != plain(i)) {
        throw new IllegalStateException(engine + " answers question " + i + " otherwise");
      }
    }
  }

  private int turn() {
    next = (next + 1) % QUESTIONS;
    return next;
  }

  /** Vesta, without an object for the answer. */
  @Benchmark
  public boolean vesta() {
    int i = turn();
    return guard.allows(actors[i], Action.READ, resources[i]);
  }

  /** Vesta through the port that hosts use. */
  @Benchmark
  public boolean vestaDecision() {
    int i = turn();
    return guard.decide(actors[i], Action.READ, resources[i]).allowed();
  }

  /** Plain code over hash sets. */
  @Benchmark
  public boolean byHand() {
    return plain(turn());
  }

  /** Apache Shiro. */
  @Benchmark
  public boolean shiro() {
    int i = turn();
    return realm.isPermitted(principals[i], permissions[i]);
  }

  /** jCasbin. */
  @Benchmark
  public boolean jcasbin() {
    return enforced(turn());
  }

  private static final class Realm extends AuthorizingRealm {

    private final Map<String, Set<String>> types;

    Realm(Map<String, Set<String>> types) {
      this.types = types;
      setName("benchmark");
      setCacheManager(new MemoryConstrainedCacheManager());
      setAuthorizationCachingEnabled(true);
    }

    @Override
    protected AuthorizationInfo doGetAuthorizationInfo(PrincipalCollection who) {
      String role = who.getPrimaryPrincipal().toString().split("/")[0];
      SimpleAuthorizationInfo info = new SimpleAuthorizationInfo();
      String scope = role.equals("AGENT") ? "own" : "team";
      for (String type : types.getOrDefault(role, Set.of())) {
        info.addStringPermission(type + ":read:" + scope);
      }
      return info;
    }

    @Override
    protected AuthenticationInfo doGetAuthenticationInfo(AuthenticationToken token) {
      throw new UnsupportedOperationException("nobody logs in to a benchmark");
    }
  }
}
