package io.vesta.rbac.authzen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.authzen.Directory.Name;
import io.vesta.rbac.authzen.Directory.Subject;
import io.vesta.rbac.decide.Guard;
import io.vesta.rbac.decide.Holders;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of the OpenID AuthZEN Authorization API 1.0. A subject is allowed what any of
 * its capacities allows; a request narrows that by {@code subject.properties.capacity}.
 * Thread-safe.
 *
 * <p>A request that the API does not know is answered with {@code {"error": {"status": 400, ...}}};
 * the host's transport uses the status. A refusal tells its public reason only. An unknown subject,
 * resource or action is a refusal and no error.
 */
public final class AuthZen {

  private static final int PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;
  private static final int MOST_EVALUATIONS = 1_000;

  /** What the API does not know, with what it would. */
  private static final class BadRequest extends VestaException {

    private static final long serialVersionUID = 1L;

    private final String why;

    BadRequest(String why) {
      super(CoreError.INPUT_INVALID, why);
      this.why = why;
    }
  }

  private interface Handler {
    ObjectNode answer(ObjectNode request);
  }

  private final Directory directory;
  private final Guard guard;

  /**
   * @param policy what is allowed; its types of record and actions are those of the requests
   * @param data the JSON document of subjects with their grants, and of resources with their facts
   * @param clock decides which grants are live
   * @throws VestaException if the data has another shape
   */
  public AuthZen(Policy policy, String data, Clock clock) {
    this.directory = Directory.of(Objects.requireNonNull(data, "data"));
    this.guard = new Guard(policy, directory.organisation(), clock);
  }

  /** Access Evaluation: one question. */
  public String evaluation(String request) {
    return handle(request, this::evaluate);
  }

  /** Access Evaluations: many questions with defaults; without any it is an evaluation. */
  public String evaluations(String request) {
    return handle(request, this::evaluateAll);
  }

  /** Subject Search: who of a type may do an action on a resource. */
  public String searchSubjects(String request) {
    return handle(
        request,
        body -> {
          String type = text(object(body, "subject"), "subject", "type");
          Function<Name, Boolean> allowed = fixed(body, "action", "resource");
          return page(
              body,
              directory.subjects().keySet().stream()
                  .filter(name -> name.type().equals(type))
                  .filter(allowed::apply)
                  .map(AuthZen::named));
        });
  }

  /** Resource Search: on which resources of a type a subject may do an action. */
  public String searchResources(String request) {
    return handle(
        request,
        body -> {
          String type = text(object(body, "resource"), "resource", "type");
          Name subject = name(body, "subject");
          String action = action(body);
          String capacity = capacity(body);
          return page(
              body,
              directory.records().stream()
                  .filter(name -> name.type().equals(type))
                  .filter(name -> decide(subject, capacity, action, name, none()).allowed())
                  .map(AuthZen::named));
        });
  }

  /** Action Search: what a subject may do on a resource. */
  public String searchActions(String request) {
    return handle(
        request,
        body -> {
          Name subject = name(body, "subject");
          Name resource = name(body, "resource");
          String capacity = capacity(body);
          JsonNode properties = body.get("resource").path("properties");
          TreeSet<String> actions = new TreeSet<>();
          for (Rule rule : guard.policy().rules()) {
            if (rule.type().name().equals(resource.type())) {
              rule.actions().forEach(action -> actions.add(action.name()));
            }
          }
          return page(
              body,
              actions.stream()
                  .filter(
                      action -> decide(subject, capacity, action, resource, properties).allowed())
                  .map(action -> Directory.MAPPER.createObjectNode().put("name", action)));
        });
  }

  /**
   * Why a question is answered as it is, in each of the subject's capacities. No part of the API
   * and for authorised eyes: it tells facts of the record.
   *
   * @param request as for {@link #evaluation}, on a subject and a resource of the data
   */
  public String explain(String request) {
    return handle(
        request,
        body -> {
          Subject subject = directory.subject(name(body, "subject"));
          if (subject == null) {
            throw new BadRequest("the data has no such subject");
          }
          Resource record = stored(body);
          Action action = act(body);
          String capacity = capacity(body);
          ObjectNode answer = Directory.MAPPER.createObjectNode();
          ArrayNode each = answer.putArray("capacities");
          boolean allowed = false;
          for (Actor actor : subject.actors()) {
            String role = actor.capacity().orElseThrow().role();
            if (capacity == null || capacity.equals(role)) {
              Decision decision = guard.decide(actor, action, record);
              allowed |= decision.allowed();
              each.addObject()
                  .put("capacity", role)
                  .put("decision", decision.allowed())
                  .put("reason", decision.reason())
                  .put("because", decision.because());
            }
          }
          return answer.put("decision", allowed).put("policy_version", guard.version());
        });
  }

  /**
   * Who may do an action on a resource, in which capacity and by which rule, also by standing in
   * for somebody. No part of the API and for authorised eyes.
   *
   * @param request an action and a resource of the data; {@code page.limit} says how many at most
   */
  public String whoCan(String request) {
    return handle(
        request,
        body -> {
          Holders found = guard.whoCan(act(body), stored(body), limit(body));
          ObjectNode answer = Directory.MAPPER.createObjectNode();
          ArrayNode holders = answer.putArray("holders");
          for (Holders.Holder holder : found.holders()) {
            holders
                .addObject()
                .put("capacity", holder.capacity().role())
                .put("rule", holder.rule())
                .set("subject", named(directory.nameOf(holder.member())));
          }
          return answer
              .put("complete", found.complete())
              .put("policy_version", found.policyVersion());
        });
  }

  private Resource stored(ObjectNode request) {
    Name name = name(request, "resource");
    if (!directory.records().contains(name)) {
      throw new BadRequest("the data has no such resource");
    }
    return directory.resource(name, none());
  }

  private static Action act(ObjectNode request) {
    try {
      return new Action(action(request));
    } catch (VestaException e) {
      throw new BadRequest("action.name must be lower-case letters, digits and underscores");
    }
  }

  private static int limit(ObjectNode request) {
    int limit = request.path("page").path("limit").asInt(PAGE);
    if (limit < 1 || limit > LARGEST_PAGE) {
      throw new BadRequest("page.limit must be from 1 to " + LARGEST_PAGE);
    }
    return limit;
  }

  private String handle(String request, Handler handler) {
    ObjectNode answer;
    try {
      JsonNode body = Directory.MAPPER.readTree(request);
      if (!(body instanceof ObjectNode object)) {
        throw new BadRequest("the request must be a JSON object");
      }
      answer = handler.answer(object);
    } catch (JsonProcessingException e) {
      answer = error("the request is no JSON, or has a key twice");
    } catch (BadRequest e) {
      answer = error(e.why);
    }
    return answer.toString();
  }

  private static ObjectNode error(String message) {
    ObjectNode answer = Directory.MAPPER.createObjectNode();
    answer.putObject("error").put("status", 400).put("message", message);
    return answer;
  }

  private ObjectNode evaluate(ObjectNode request) {
    Name subject = name(request, "subject");
    Name resource = name(request, "resource");
    JsonNode properties = request.get("resource").path("properties");
    Answer answer = decide(subject, capacity(request), action(request), resource, properties);
    ObjectNode json = Directory.MAPPER.createObjectNode().put("decision", answer.allowed());
    ObjectNode context = json.putObject("context").put("policy_version", guard.version());
    if (!answer.allowed()) {
      context.putObject("reason_user").put("en", answer.reason());
    }
    return json;
  }

  private ObjectNode evaluateAll(ObjectNode request) {
    JsonNode items = request.path("evaluations");
    if (items.isMissingNode() || (items.isArray() && items.isEmpty())) {
      return evaluate(request);
    }
    if (!items.isArray() || items.size() > MOST_EVALUATIONS) {
      throw new BadRequest("evaluations must be a list of at most " + MOST_EVALUATIONS);
    }
    String semantic = request.path("options").path("evaluations_semantic").asText("execute_all");
    Boolean stop =
        switch (semantic) {
          case "execute_all" -> null;
          case "deny_on_first_deny" -> Boolean.FALSE;
          case "permit_on_first_permit" -> Boolean.TRUE;
          default -> throw new BadRequest("evaluations_semantic is none of the three");
        };
    ObjectNode answer = Directory.MAPPER.createObjectNode();
    ArrayNode answers = answer.putArray("evaluations");
    for (JsonNode item : items) {
      ObjectNode one = evaluateItem(request, item);
      answers.add(one);
      if (stop != null && stop.equals(one.path("decision").booleanValue())) {
        break;
      }
    }
    return answer;
  }

  /** One item, completed by the defaults; what is wrong with it is a refusal of its own. */
  private ObjectNode evaluateItem(ObjectNode defaults, JsonNode item) {
    ObjectNode merged = Directory.MAPPER.createObjectNode();
    for (String key : List.of("subject", "action", "resource", "context")) {
      JsonNode value = item.has(key) ? item.get(key) : defaults.path(key);
      if (!value.isMissingNode()) {
        merged.set(key, value);
      }
    }
    try {
      return evaluate(merged);
    } catch (BadRequest e) {
      ObjectNode refused = Directory.MAPPER.createObjectNode().put("decision", false);
      refused.putObject("context").putObject("error").put("status", 400).put("message", e.why);
      return refused;
    }
  }

  private record Answer(boolean allowed, String reason) {}

  private Answer decide(
      Name subject, @Nullable String capacity, String action, Name resource, JsonNode properties) {
    Subject known = directory.subject(subject);
    String reason = "UNKNOWN_SUBJECT";
    if (known == null) {
      return new Answer(false, reason);
    }
    Resource record;
    Action act;
    try {
      record = directory.resource(resource, properties);
      act = new Action(action);
    } catch (VestaException e) {
      return new Answer(false, "UNKNOWN_RESOURCE_OR_ACTION");
    }
    reason = "NO_GRANT";
    for (Actor actor : known.actors()) {
      if (capacity == null || actor.capacity().orElseThrow().role().equals(capacity)) {
        Decision decision = guard.decide(actor, act, record);
        if (decision.allowed()) {
          return new Answer(true, decision.reason());
        }
        reason = decision.publicReason();
      }
    }
    return new Answer(false, reason);
  }

  /** The decision on a subject, for a fixed action and resource. */
  private Function<Name, Boolean> fixed(ObjectNode body, String action, String resource) {
    String act = action(body);
    Name record = name(body, resource);
    JsonNode properties = body.get(resource).path("properties");
    Objects.requireNonNull(action, "action");
    return subject -> decide(subject, null, act, record, properties).allowed();
  }

  /** One page of results; its token names the version and the question that it belongs to. */
  private ObjectNode page(ObjectNode request, Stream<ObjectNode> results) {
    JsonNode page = request.path("page");
    int limit = limit(request);
    ObjectNode question = request.deepCopy();
    question.remove("page");
    String stamp = guard.version() + " " + Directory.sha256(question.toString());
    int from = offset(page.path("token").asText(""), stamp);
    List<ObjectNode> all = results.toList();
    int until = Math.min(all.size(), from + limit);
    ObjectNode answer = Directory.MAPPER.createObjectNode();
    answer.putArray("results").addAll(all.subList(Math.min(from, all.size()), until));
    String next = until < all.size() ? token(stamp, until) : "";
    answer
        .putObject("page")
        .put("next_token", next)
        .put("count", until - Math.min(from, all.size()))
        .put("total", all.size());
    return answer;
  }

  private static String token(String stamp, int offset) {
    byte[] bytes = (stamp + " " + offset).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static int offset(String token, String stamp) {
    if (token.isEmpty()) {
      return 0;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(stamp + " ")) {
        return Integer.parseUnsignedInt(text.substring(stamp.length() + 1));
      }
    } catch (IllegalArgumentException e) {
      throw new BadRequest("page.token is none of ours");
    }
    throw new BadRequest("page.token is of another question or policy version; begin again");
  }

  private static ObjectNode named(Name name) {
    return Directory.MAPPER.createObjectNode().put("type", name.type()).put("id", name.id());
  }

  private static JsonNode none() {
    return Directory.MAPPER.missingNode();
  }

  private static @Nullable String capacity(ObjectNode request) {
    JsonNode capacity = request.path("subject").path("properties").path("capacity");
    return capacity.isTextual() ? capacity.textValue() : null;
  }

  private static String action(ObjectNode request) {
    return text(object(request, "action"), "action", "name");
  }

  private static Name name(ObjectNode request, String field) {
    JsonNode node = object(request, field);
    return new Name(text(node, field, "type"), text(node, field, "id"));
  }

  private static JsonNode object(ObjectNode request, String field) {
    JsonNode node = request.path(field);
    if (!node.isObject()) {
      throw new BadRequest(field + " must be an object");
    }
    return node;
  }

  private static String text(JsonNode node, String at, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      throw new BadRequest(at + "." + field + " must be a text");
    }
    return value.textValue();
  }
}
