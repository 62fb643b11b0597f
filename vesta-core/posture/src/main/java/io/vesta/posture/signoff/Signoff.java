package io.vesta.posture.signoff;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.posture.check.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a sign-off found. Made by {@link ReleaseSignoff} alone. Immutable.
 *
 * <p>As JSON it is an in-toto statement (v1) whose subjects are the artifacts and whose predicate
 * is Vesta's own; it holds no secret, because evidence does not.
 */
public final class Signoff {

  /** The type of the predicate. */
  public static final String PREDICATE = "https://vesta.io/signoff/v1";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final String environment;
  private final Map<String, String> artifacts;
  private final Instant at;
  private final List<Checked> checks;

  Signoff(String environment, Map<String, String> artifacts, Instant at, List<Checked> checks) {
    this.environment = Objects.requireNonNull(environment, "environment");
    this.artifacts = new TreeMap<>(artifacts);
    this.at = at;
    this.checks = List.copyOf(checks);
  }

  /** Whether the release may go: no required check blocks it. */
  public boolean passes() {
    return checks.stream().noneMatch(Checked::blocks);
  }

  /** Every answer, in the order of the checks; never empty. */
  public List<Checked> checks() {
    return checks;
  }

  /** Until when it holds: as long as the first of its required answers does. */
  public Instant notAfter() {
    return checks.stream()
        .filter(Checked::required)
        .map(Checked::notAfter)
        .min(Instant::compareTo)
        .orElse(at);
  }

  /** The report as JSON; never null. */
  public String json() {
    ObjectNode statement = MAPPER.createObjectNode();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    ArrayNode subject = statement.putArray("subject");
    artifacts.forEach(
        (name, digest) ->
            subject.addObject().put("name", name).putObject("digest").put("sha256", digest));
    statement.put("predicateType", PREDICATE);
    ObjectNode predicate = statement.putObject("predicate");
    predicate.put("environment", environment);
    predicate.put("verdict", passes() ? "PASS" : "FAIL");
    predicate.put("timeVerified", at.toString());
    predicate.put("notAfter", notAfter().toString());
    ArrayNode all = predicate.putArray("checks");
    checks.forEach(one -> write(all.addObject(), one));
    return statement.toPrettyString() + "\n";
  }

  private static void write(ObjectNode node, Checked one) {
    node.put("id", one.id());
    node.put("family", one.family().name());
    node.put("required", one.required());
    node.put("outcome", one.verdict().outcome().name());
    node.put("vantage", one.verdict().vantage().name());
    node.put("notAfter", one.notAfter().toString());
    ArrayNode evidence = node.putArray("evidence");
    for (Evidence each : one.verdict().evidence()) {
      evidence.addObject().put("place", each.place()).put("seen", each.seen());
    }
    ArrayNode limits = node.putArray("limits");
    one.verdict().limits().forEach(limits::add);
    node.put("mend", one.verdict().mend());
    ArrayNode waivers = node.putArray("waivers");
    for (Waiver each : one.waivers()) {
      waivers
          .addObject()
          .put("place", each.place())
          .put("reason", each.reason())
          .put("by", each.by())
          .put("approvedBy", each.approvedBy())
          .put("until", each.until().toString());
    }
  }
}
