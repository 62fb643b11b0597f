package io.vesta.examples.benchmarks.rbac;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.examples.benchmarks.rbac.Questions.Question;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import io.vesta.rbac.policy.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.aopalliance.intercept.MethodInvocation;
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
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.method.PreAuthorizeAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.util.SimpleMethodInvocation;

/**
 * The engines, each as its users write the rule, with all that need not be made per question made
 * before: actors, principals, entities. Each answers a question by its number.
 */
final class Engines {

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

  private Engines() {}

  /** The engine of a name. */
  static IntPredicate of(String name, Questions questions) {
    return switch (name) {
      case "vesta" -> vesta(questions);
      case "vestaDecision" -> vestaDecision(questions);
      case "byHand" -> questions::plain;
      case "shiro" -> shiro(questions);
      case "jcasbin" -> jcasbin(questions);
      case "spring" -> spring(questions);
      case "cedarCached" -> cedar(questions, true);
      case "cedar" -> cedar(questions, false);
      default -> throw new IllegalArgumentException("no engine is called " + name);
    };
  }

  /** Without an object for the answer. */
  private static IntPredicate vesta(Questions questions) {
    Guard guard = guard(questions);
    Actor[] actors = questions.list().stream().map(Question::actor).toArray(Actor[]::new);
    Resource[] resources =
        questions.list().stream().map(Question::resource).toArray(Resource[]::new);
    return i -> guard.allows(actors[i], Action.READ, resources[i]);
  }

  /** Through the port that hosts use. */
  private static IntPredicate vestaDecision(Questions questions) {
    Guard guard = guard(questions);
    Actor[] actors = questions.list().stream().map(Question::actor).toArray(Actor[]::new);
    Resource[] resources =
        questions.list().stream().map(Question::resource).toArray(Resource[]::new);
    return i -> guard.decide(actors[i], Action.READ, resources[i]).allowed();
  }

  private static Guard guard(Questions questions) {
    List<String> rules = new ArrayList<>();
    for (String type : questions.types()) {
      rules.add(rule(type, "AGENT", "OWN"));
      rules.add(rule(type, "TEAM_LEAD", "TEAM"));
    }
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    for (int i = 0; i < Questions.MEMBERS; i++) {
      MemberId member = new MemberId(Questions.FIRM, "m" + i);
      org.member(member, new OfficeId(Questions.FIRM, "o1"))
          .membership(member, new TeamId(Questions.FIRM, "t" + i % 4), Instant.EPOCH, Instant.MAX)
          .grant(member, Capacity.AGENT, new Over.Self(), Instant.EPOCH, Instant.MAX)
          .grant(member, Capacity.TEAM_LEAD, new Over.Brokerage(), Instant.EPOCH, Instant.MAX);
    }
    Policy policy =
        Policy.load(
            "{\"policy\":\"benchmark\",\"roles\":[\"AGENT\",\"TEAM_LEAD\"],\"rules\":["
                + String.join(",", rules)
                + "]}");
    return new Guard(policy, org.build(), Clock.systemUTC());
  }

  private static String rule(String type, String role, String scope) {
    return String.format(
        "{\"id\":\"%s.%s\",\"role\":\"%s\",\"resource\":\"%s\",\"actions\":[\"read\"],\"scope\":[\"%s\"]}",
        type.toLowerCase(Locale.ROOT), role.toLowerCase(Locale.ROOT), role, type, scope);
  }

  /**
   * Apache Shiro, authorization cache on. Its permissions know no record: in which scope the record
   * lies is worked out beforehand and is a part of the permission.
   */
  private static IntPredicate shiro(Questions questions) {
    Realm realm = new Realm(questions.types());
    PrincipalCollection[] principals =
        questions.list().stream()
            .map(q -> new SimplePrincipalCollection(q.role() + "/" + q.member(), "benchmark"))
            .toArray(PrincipalCollection[]::new);
    String[] permissions =
        questions.list().stream()
            .map(
                q -> {
                  String scope =
                      q.role().equals("AGENT")
                          ? q.owner().equals(q.member()) ? "own" : "other"
                          : q.recordTeam().equals(q.team()) ? "team" : "other";
                  return q.type() + ":read:" + scope;
                })
            .toArray(String[]::new);
    return i -> realm.isPermitted(principals[i], permissions[i]);
  }

  /** jCasbin with the rule in its matcher. */
  private static IntPredicate jcasbin(Questions questions) {
    Model model = new Model();
    model.loadModelFromText(MODEL);
    Enforcer enforcer = new Enforcer(model);
    for (String type : questions.types()) {
      enforcer.addPolicy("AGENT", type, "read", "own");
      enforcer.addPolicy("TEAM_LEAD", type, "read", "team");
    }
    return i -> {
      Question q = questions.get(i);
      return enforcer.enforce(
          q.role(), q.member(), q.team(), q.type(), "read", q.owner(), q.recordTeam());
    };
  }

  /**
   * Spring Security's {@code @PreAuthorize}, asked without a proxy. A type is a method to it, so
   * that the number of rules is not felt.
   */
  private static IntPredicate spring(Questions questions) {
    PreAuthorizeAuthorizationManager manager = new PreAuthorizeAuthorizationManager();
    Authentication[] users =
        questions.list().stream()
            .map(
                q ->
                    UsernamePasswordAuthenticationToken.authenticated(
                        q, null, AuthorityUtils.createAuthorityList(q.role())))
            .toArray(Authentication[]::new);
    Records service = new Records();
    MethodInvocation[] calls =
        questions.list().stream().map(service::call).toArray(MethodInvocation[]::new);
    return i -> {
      AuthorizationResult result = manager.authorize(() -> users[i], calls[i]);
      return result != null && result.isGranted();
    };
  }

  /**
   * Cedar through its Java binding: JSON to a native library, which is most of what it costs.
   *
   * @param cached whether the library keeps the parsed policies
   */
  private static IntPredicate cedar(Questions questions, boolean cached) {
    StringBuilder text = new StringBuilder();
    for (String type : questions.types()) {
      text.append(permit(type, "AGENT", "resource.owner == principal.member"));
      text.append(permit(type, "TEAM_LEAD", "resource.team == principal.team"));
    }
    PolicySet policies;
    try {
      policies = PolicySet.parsePolicies(text.toString());
      if (cached) {
        policies.cache();
      }
    } catch (AuthException | CacheException e) {
      throw new IllegalStateException("Cedar did not read the policy", e);
    }
    BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
    AuthorizationRequest[] requests = new AuthorizationRequest[Questions.COUNT];
    List<Set<Entity>> entities = new ArrayList<>();
    for (int i = 0; i < Questions.COUNT; i++) {
      Question q = questions.get(i);
      Entity who =
          entity(
              "Member",
              q.member(),
              Map.of("role", q.role(), "member", q.member(), "team", q.team()));
      Entity what = entity(q.type(), "r1", Map.of("owner", q.owner(), "team", q.recordTeam()));
      Entity act = entity("Action", "read", Map.of());
      entities.add(Set.of(who, what, act));
      requests[i] = new AuthorizationRequest(who, act, what, Map.of());
    }
    return i -> {
      try {
        return engine
            .isAuthorized(requests[i], policies, entities.get(i))
            .success
            .orElseThrow()
            .isAllowed();
      } catch (AuthException e) {
        throw new IllegalStateException("Cedar did not answer", e);
      }
    };
  }

  private static String permit(String type, String role, String scope) {
    return String.format(
        "permit(principal is Member, action == Action::\"read\", resource is %s)"
            + " when { principal.role == \"%s\" && %s };%n",
        type, role, scope);
  }

  private static Entity entity(String type, String id, Map<String, String> facts) {
    Map<String, com.cedarpolicy.value.Value> attributes = new java.util.HashMap<>();
    facts.forEach((name, value) -> attributes.put(name, new PrimString(value)));
    return new Entity(
        EntityUID.parse(type + "::\"" + id + "\"").orElseThrow(), attributes, Set.of());
  }

  /** What Spring guards; found by reflection. */
  public static final class Records {

    /** Reads a record. */
    @PreAuthorize(
        "(hasAuthority('AGENT') and #record.owner() == principal.member())"
            + " or (hasAuthority('TEAM_LEAD') and #record.recordTeam() == principal.team())")
    public void read(Question record) {}

    MethodInvocation call(Question record) {
      try {
        return new SimpleMethodInvocation(
            this, Records.class.getMethod("read", Question.class), record);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException("the method is above", e);
      }
    }
  }

  private static final class Realm extends AuthorizingRealm {

    private final List<String> types;

    Realm(List<String> types) {
      this.types = types;
      setName("benchmark");
      setCacheManager(new MemoryConstrainedCacheManager());
      setAuthorizationCachingEnabled(true);
    }

    @Override
    protected AuthorizationInfo doGetAuthorizationInfo(PrincipalCollection who) {
      String scope = who.getPrimaryPrincipal().toString().startsWith("AGENT/") ? "own" : "team";
      SimpleAuthorizationInfo info = new SimpleAuthorizationInfo();
      types.forEach(type -> info.addStringPermission(type + ":read:" + scope));
      return info;
    }

    @Override
    protected AuthenticationInfo doGetAuthenticationInfo(AuthenticationToken token) {
      throw new UnsupportedOperationException("nobody logs in to a benchmark");
    }
  }
}
