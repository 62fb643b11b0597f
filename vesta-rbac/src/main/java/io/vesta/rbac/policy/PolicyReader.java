package io.vesta.rbac.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.policy.Policy.BotCapability;
import io.vesta.rbac.policy.PolicyInvalid.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads one policy document and notes every fault before it gives up. Used once. */
final class PolicyReader {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private static final Set<String> DOCUMENT_FIELDS =
      Set.of("$schema", "policy", "roles", "rules", "bot");
  private static final Set<String> RULE_FIELDS =
      Set.of(
          "id",
          "why",
          "role",
          "resource",
          "actions",
          "scope",
          "presets",
          "ownership",
          "linkedToTransaction",
          "notOwn",
          "createdDuringGrant");

  private final ContactPrivacy privacy;
  private final List<Fault> faults = new ArrayList<>();
  private final Set<Capacity> roles = new LinkedHashSet<>();

  PolicyReader(ContactPrivacy privacy) {
    this.privacy = privacy;
  }

  Policy read(String json) {
    JsonNode document;
    try {
      document = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      String where =
          place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
      throw new PolicyInvalid(
          List.of(new Fault("", "is no JSON document, or has a key twice" + where)));
    }
    if (!document.isObject()) {
      throw new PolicyInvalid(List.of(new Fault("", "is no JSON object")));
    }
    knownFields(document, "", DOCUMENT_FIELDS);
    String name = text(document, "", "policy").orElse("");
    values(document, "", "roles", Capacity::new, true).forEach(roles::add);
    Set<BotCapability> bot =
        new LinkedHashSet<>(values(document, "", "bot", PolicyReader::capability, false));
    List<Rule> rules = rules(document);
    if (!faults.isEmpty()) {
      throw new PolicyInvalid(faults);
    }
    return new Policy(name, roles, rules, bot, version(document));
  }

  private List<Rule> rules(JsonNode document) {
    List<Rule> rules = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    JsonNode list = document.path("rules");
    if (!list.isArray() || list.isEmpty()) {
      fault("/rules", "must be a list of at least one rule");
      return rules;
    }
    for (int i = 0; i < list.size(); i++) {
      String at = "/rules/" + i;
      JsonNode node = list.get(i);
      if (!node.isObject()) {
        fault(at, "must be an object");
        continue;
      }
      knownFields(node, at, RULE_FIELDS);
      Optional<String> id = text(node, at, "id");
      id.filter(value -> !ids.add(value))
          .ifPresent(value -> fault(at + "/id", "is used by an earlier rule"));
      Optional<Capacity> role = parsed(node, at, "role", Capacity::new);
      role.filter(value -> !roles.contains(value))
          .ifPresent(value -> fault(at + "/role", "is not among /roles"));
      Optional<ResourceType> type = parsed(node, at, "resource", ResourceType::new);
      List<Action> actions = values(node, at, "actions", Action::new, true);
      List<Scope> scopes = values(node, at, "scope", PolicyReader::scope, true);
      List<Ownership> ownership = values(node, at, "ownership", word(Ownership.values()), false);
      List<ContactPrivacy> presets =
          values(node, at, "presets", word(ContactPrivacy.values()), false);
      boolean linked = flag(node, at, "linkedToTransaction");
      boolean notOwn = flag(node, at, "notOwn");
      boolean during = flag(node, at, "createdDuringGrant");
      if (notOwn && scopes.equals(List.of(Scope.OWN))) {
        fault(at + "/notOwn", "contradicts the scope OWN: the rule would allow nothing");
      }
      boolean chosen = !node.has("presets") || presets.contains(privacy);
      if (chosen && id.isPresent() && role.isPresent() && type.isPresent()) {
        rules.add(
            new Rule(
                id.get(),
                role.get(),
                type.get(),
                new LinkedHashSet<>(actions),
                new LinkedHashSet<>(scopes),
                new LinkedHashSet<>(ownership),
                linked,
                notOwn,
                during));
      }
    }
    return rules;
  }

  private void knownFields(JsonNode node, String at, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                fault(
                    at + "/" + field.replace("~", "~0").replace("/", "~1"),
                    "is not a known field; known are " + new java.util.TreeSet<>(known));
              }
            });
  }

  private Optional<String> text(JsonNode node, String at, String field) {
    JsonNode value = node.path(field);
    if (value.isTextual() && !value.textValue().isBlank() && value.textValue().length() <= 128) {
      return Optional.of(value.textValue());
    }
    fault(at + "/" + field, "must be a text of 1 to 128 characters");
    return Optional.empty();
  }

  private <T> Optional<T> parsed(
      JsonNode node, String at, String field, Function<String, T> parser) {
    return text(node, at, field).flatMap(value -> attempt(at + "/" + field, value, parser));
  }

  private <T> List<T> values(
      JsonNode node, String at, String field, Function<String, T> parser, boolean required) {
    JsonNode list = node.path(field);
    if (list.isMissingNode() && !required) {
      return List.of();
    }
    List<T> found = new ArrayList<>();
    if (!list.isArray() || list.isEmpty()) {
      fault(at + "/" + field, "must be a list of at least one text");
      return found;
    }
    for (int i = 0; i < list.size(); i++) {
      String here = at + "/" + field + "/" + i;
      if (!list.get(i).isTextual()) {
        fault(here, "must be a text");
        continue;
      }
      attempt(here, list.get(i).textValue(), parser)
          .ifPresent(
              value -> {
                if (found.contains(value)) {
                  fault(here, "is given twice");
                }
                found.add(value);
              });
    }
    return found;
  }

  private <T> Optional<T> attempt(String at, String value, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(value));
    } catch (VestaException e) {
      fault(at, "is " + e.getMessage());
      return Optional.empty();
    }
  }

  private boolean flag(JsonNode node, String at, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isBoolean()) {
      return value.asBoolean(false);
    }
    fault(at + "/" + field, "must be true or false");
    return false;
  }

  private static Scope scope(String value) {
    return word(Scope.values()).apply(value);
  }

  private static <E extends Enum<E>> Function<String, E> word(E[] allowed) {
    return value ->
        Arrays.stream(allowed)
            .filter(constant -> constant.name().equals(value))
            .findFirst()
            .orElseThrow(
                () ->
                    VestaException.invalid(
                        "word", "not known here", "use one of " + Arrays.toString(allowed)));
  }

  private static BotCapability capability(String value) {
    String[] parts = value.split("\\.", -1);
    if (parts.length != 2) {
      throw VestaException.invalid(
          "bot capability", "not of two words", "write it as Draft.create");
    }
    return new BotCapability(new ResourceType(parts[0]), new Action(parts[1]));
  }

  private void fault(String pointer, String problem) {
    faults.add(new Fault(pointer, problem));
  }

  private String version(JsonNode document) {
    try {
      TreeMap<String, Object> sorted =
          MAPPER.convertValue(
              document,
              MAPPER.getTypeFactory().constructMapType(TreeMap.class, String.class, Object.class));
      byte[] canonical =
          (privacy + "\n" + MAPPER.writeValueAsString(sorted)).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a parsed document can be written, and SHA-256 exists", e);
    }
  }
}
