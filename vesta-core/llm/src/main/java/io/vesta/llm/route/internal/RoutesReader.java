package io.vesta.llm.route.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.error.VestaException;
import io.vesta.llm.route.Api;
import io.vesta.llm.route.CredentialRef;
import io.vesta.llm.route.DataClass;
import io.vesta.llm.route.Endpoint;
import io.vesta.llm.route.Environment;
import io.vesta.llm.route.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a document of routes and notes every fault. */
public final class RoutesReader {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int MOST_CHARACTERS = 256 * 1024;
  private static final int MOST_ROUTES = 256;
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");
  private static final Set<String> REQUIRED =
      Set.of("id", "api", "endpoint", "model", "region", "dataClass", "credential", "tokensPerDay");

  private final Environment environment;
  private final List<String> faults;
  private final Set<String> hosts = new HashSet<>();

  private RoutesReader(Environment environment, List<String> faults) {
    this.environment = environment;
    this.faults = faults;
  }

  /** The routes that could be read; they count only if no fault was noted. */
  public static List<Route> read(String json, Environment environment, List<String> faults) {
    RoutesReader reader = new RoutesReader(environment, faults);
    if (json.length() > MOST_CHARACTERS) {
      reader.fault("", "is longer than " + MOST_CHARACTERS + " characters; split the product");
      return List.of();
    }
    try {
      return reader.document(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      // Jackson's message quotes the document, in which somebody may have put a key.
      reader.fault(
          "", "is no JSON, or names a field twice, at line " + e.getLocation().getLineNr());
      return List.of();
    }
  }

  private List<Route> document(JsonNode document) {
    requireFields("", document, Set.of("hosts", "routes"), Set.of());
    for (JsonNode host : document.path("hosts")) {
      hosts.add(host.asText());
    }
    Map<String, Route> routes = new LinkedHashMap<>();
    JsonNode list = document.path("routes");
    if (!list.isArray() || list.isEmpty() || list.size() > MOST_ROUTES) {
      fault("/routes", "must be a list of 1 to " + MOST_ROUTES + " routes");
    }
    for (int i = 0; i < list.size() && i < MOST_ROUTES; i++) {
      String at = "/routes/" + i;
      Route route = route(at, list.get(i));
      if (route != null && routes.put(route.id(), route) != null) {
        fault(at + "/id", "is taken; name each route once");
      }
    }
    List<Route> all = new ArrayList<>(routes.values());
    all.forEach(route -> fallbacks(route, routes));
    return all;
  }

  private @Nullable Route route(String at, JsonNode node) {
    if (!requireFields(at, node, REQUIRED, Set.of("fallback"))) {
      return null;
    }
    String id = text(at, node, "id", ID);
    Endpoint endpoint = value(at, node, "endpoint", text -> Endpoint.parse(text, environment));
    if (endpoint != null && !hosts.contains(endpoint.host())) {
      fault(at + "/endpoint", "has a host that is not among hosts; add it there or mend it");
    }
    Api api = value(at, node, "api", text -> constant(Api.class, text));
    DataClass dataClass = value(at, node, "dataClass", text -> constant(DataClass.class, text));
    CredentialRef credential = value(at, node, "credential", CredentialRef::new);
    String model = text(at, node, "model", NAME);
    String region = text(at, node, "region", NAME);
    JsonNode tokens = node.path("tokensPerDay");
    if (!tokens.canConvertToLong() || !tokens.isIntegralNumber() || tokens.asLong() < 1) {
      fault(at + "/tokensPerDay", "must be a whole number above zero");
      return null;
    }
    String fallback = node.has("fallback") ? text(at, node, "fallback", ID) : null;
    return id == null
            || endpoint == null
            || api == null
            || dataClass == null
            || credential == null
            || model == null
            || region == null
        ? null
        : new Route(
            id,
            api,
            endpoint,
            model,
            region,
            dataClass,
            credential,
            Optional.ofNullable(fallback),
            tokens.asLong());
  }

  /** A fall-back must exist, end, and never carry less than what falls back on it. */
  private void fallbacks(Route first, Map<String, Route> routes) {
    Set<String> seen = new HashSet<>();
    Route route = first;
    while (route != null) {
      if (!seen.add(route.id())) {
        fault("/routes", first.id() + " falls back in a circle; end it");
        return;
      }
      String next = route.fallback().orElse(null);
      Route after = next == null ? null : routes.get(next);
      if (next != null && after == null) {
        fault("/routes", route.id() + " falls back on a route that is not there");
      } else if (after != null && !after.dataClass().covers(route.dataClass())) {
        fault("/routes", route.id() + " falls back on a route for less than it may carry");
      }
      route = after;
    }
  }

  private boolean requireFields(
      String at, JsonNode node, Set<String> required, Set<String> optional) {
    if (!node.isObject()) {
      fault(at, "must be an object");
      return false;
    }
    Set<String> missing = new TreeSet<>(required);
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!missing.remove(name) && !optional.contains(name)) {
                // The name may hold anything; its length is enough to find it.
                fault(at, "has an unknown field of " + name.length() + " characters");
              }
            });
    missing.forEach(name -> fault(at, "lacks " + name));
    return missing.isEmpty();
  }

  private @Nullable String text(String at, JsonNode node, String field, Pattern form) {
    return value(
        at,
        node,
        field,
        text -> {
          if (!form.matcher(text).matches()) {
            throw VestaException.invalid(
                field, "a text of " + text.length() + " characters", "use the form " + form);
          }
          return text;
        });
  }

  private <T> @Nullable T value(
      String at, JsonNode node, String field, Function<String, @Nullable T> read) {
    JsonNode value = node.path(field);
    if (!value.isTextual()) {
      fault(at + "/" + field, "must be a text");
      return null;
    }
    try {
      return read.apply(value.asText());
    } catch (VestaException e) {
      fault(at + "/" + field, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    for (E one : type.getEnumConstants()) {
      if (one.name().equals(text)) {
        return one;
      }
    }
    throw VestaException.invalid(
        type.getSimpleName(), "unknown", "use one of " + List.of(type.getEnumConstants()));
  }

  private void fault(String pointer, String problem) {
    faults.add("\"" + pointer + "\" " + problem);
  }
}
