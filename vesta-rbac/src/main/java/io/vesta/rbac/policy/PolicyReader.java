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
import io.vesta.rbac.policy.PolicyInvalid.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

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
      Set.of(
          "$schema",
          "policy",
          "roles",
          "supervisors",
          "separate",
          "options",
          "bot",
          "classes",
          "rules",
          "fields");
  private static final Set<String> SHARED_FIELDS =
      Set.of(
          "id",
          "why",
          "role",
          "resource",
          "scope",
          "presets",
          "options",
          "ownership",
          "status",
          "linkedToTransaction",
          "routedToReview",
          "notOwn",
          "createdDuringGrant",
          "underDelegation",
          "barrier",
          "breakGlass");
  private static final Set<String> RULE_FIELDS = with("actions");
  private static final Set<String> FIELD_RULE_FIELDS = with("fields", "level", "forBots");

  /** What decides, leaves the house or changes who may do what is a person's act. */
  private static final Set<String> NEVER_BY_BOT =
      Set.of("decide", "approve", "override", "send", "export", "publish", "grant", "delete");

  private static final Set<String> CLOSED_TO_BOTS = Set.of("Policy", "RoleGrant", "BreakGlass");

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]*([.][a-z0-9_]+)*");
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
  private static final Pattern OPTION = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  private final ContactPrivacy privacy;
  private final Set<String> chosen;
  private final List<Fault> faults = new ArrayList<>();
  private final Set<Capacity> roles = new LinkedHashSet<>();
  private final Set<String> options = new LinkedHashSet<>();
  private final Set<String> ids = new HashSet<>();

  PolicyReader(ContactPrivacy privacy, Set<String> chosen) {
    this.privacy = privacy;
    this.chosen = chosen;
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
    optionalText(document, "", "$schema");
    String name = text(document, "", "policy").orElse("");
    values(document, "", "roles", Capacity::new, true).forEach(roles::add);
    List<Capacity> supervisors = values(document, "", "supervisors", this::knownRole, false);
    List<Set<Capacity>> separations = separations(document);
    options.addAll(values(document, "", "options", matching(OPTION, "MARKETING"), false));
    for (String option : chosen) {
      if (!options.contains(option)) {
        fault("/options", "does not hold an option that was chosen; it holds " + options);
      }
    }
    List<Permission> bot = values(document, "", "bot", PolicyReader::capability, false);
    Map<ResourceType, Map<String, FieldClass>> classes = classes(document);
    List<Rule> rules = rules(document);
    List<FieldRule> fieldRules = fieldRules(document, classes);
    if (!faults.isEmpty()) {
      throw new PolicyInvalid(faults);
    }
    return new Policy(
        name,
        roles,
        new LinkedHashSet<>(supervisors),
        separations,
        classes,
        rules,
        fieldRules,
        new LinkedHashSet<>(bot),
        version(document));
  }

  private List<Set<Capacity>> separations(JsonNode document) {
    List<Set<Capacity>> separations = new ArrayList<>();
    JsonNode list = document.path("separate");
    if (list.isMissingNode()) {
      return separations;
    }
    if (!list.isArray() || list.isEmpty()) {
      fault("/separate", "must be a list of at least one list of roles");
      return separations;
    }
    for (int i = 0; i < list.size(); i++) {
      List<Capacity> apart = values("/separate/" + i, list.get(i), this::knownRole, true);
      if (list.get(i).isArray() && list.get(i).size() == 1) {
        fault("/separate/" + i, "must name at least two roles");
      }
      separations.add(Set.copyOf(new LinkedHashSet<>(apart)));
    }
    return separations;
  }

  private Map<ResourceType, Map<String, FieldClass>> classes(JsonNode document) {
    Map<ResourceType, Map<String, FieldClass>> classes = new LinkedHashMap<>();
    JsonNode types = document.path("classes");
    if (types.isMissingNode()) {
      return classes;
    }
    if (!types.isObject()) {
      fault("/classes", "must be an object of types of record");
      return classes;
    }
    types
        .properties()
        .forEach(
            type -> {
              String at = "/classes/" + escaped(type.getKey());
              Optional<ResourceType> known = attempt(at, type.getKey(), ResourceType::new);
              if (!type.getValue().isObject()) {
                fault(at, "must be an object of fields");
                return;
              }
              Map<String, FieldClass> fields = new LinkedHashMap<>();
              type.getValue()
                  .properties()
                  .forEach(
                      field -> {
                        String here = at + "/" + escaped(field.getKey());
                        Optional<String> name =
                            attempt(here, field.getKey(), matching(WORD, "email"));
                        Optional<FieldClass> kind =
                            field.getValue().isTextual()
                                ? attempt(
                                    here, field.getValue().textValue(), word(FieldClass.values()))
                                : Optional.empty();
                        if (!field.getValue().isTextual()) {
                          fault(here, "must be a text");
                        }
                        if (name.isPresent() && kind.isPresent()) {
                          fields.put(name.get(), kind.get());
                        }
                      });
              known.ifPresent(value -> classes.put(value, Map.copyOf(fields)));
            });
    return classes;
  }

  private List<Rule> rules(JsonNode document) {
    List<Rule> rules = new ArrayList<>();
    JsonNode list = document.path("rules");
    if (!list.isArray() || list.isEmpty()) {
      fault("/rules", "must be a list of at least one rule");
      return rules;
    }
    for (int i = 0; i < list.size(); i++) {
      String at = "/rules/" + i;
      if (isObject(list.get(i), at)) {
        knownFields(list.get(i), at, RULE_FIELDS);
        List<Action> actions = values(list.get(i), at, "actions", Action::new, true);
        rule(list.get(i), at, actions).ifPresent(rules::add);
      }
    }
    return rules;
  }

  private List<FieldRule> fieldRules(
      JsonNode document, Map<ResourceType, Map<String, FieldClass>> classes) {
    List<FieldRule> rules = new ArrayList<>();
    JsonNode list = document.path("fields");
    if (list.isMissingNode()) {
      return rules;
    }
    if (!list.isArray() || list.isEmpty()) {
      fault("/fields", "must be a list of at least one field rule");
      return rules;
    }
    for (int i = 0; i < list.size(); i++) {
      String at = "/fields/" + i;
      JsonNode node = list.get(i);
      if (!isObject(node, at)) {
        continue;
      }
      knownFields(node, at, FIELD_RULE_FIELDS);
      Set<String> known =
          node.path("resource").isTextual()
              ? classes.entrySet().stream()
                  .filter(entry -> entry.getKey().name().equals(node.get("resource").textValue()))
                  .findFirst()
                  .map(entry -> entry.getValue().keySet())
                  .orElse(Set.of())
              : Set.of();
      List<String> fields =
          values(
              node,
              at,
              "fields",
              value -> {
                if (!known.contains(matching(WORD, "email").apply(value))) {
                  throw VestaException.invalid(
                      "field", "not classified for this type", "add it to /classes");
                }
                return value;
              },
              true);
      boolean forBots = flag(node, at, "forBots");
      Optional<FieldRule.Level> level = parsed(node, at, "level", word(FieldRule.Level.values()));
      rule(node, at, List.of(Action.READ))
          .flatMap(
              rule ->
                  level.map(
                      value -> new FieldRule(rule, new LinkedHashSet<>(fields), value, forBots)))
          .ifPresent(rules::add);
    }
    return rules;
  }

  /** What rules and field rules have in common; empty if not chosen or without a core. */
  private Optional<Rule> rule(JsonNode node, String at, List<Action> actions) {
    Optional<String> id = parsed(node, at, "id", matching(ID, "contact.agent.own"));
    id.filter(value -> !ids.add(value))
        .ifPresent(value -> fault(at + "/id", "is used by an earlier rule"));
    optionalText(node, at, "why");
    Optional<Capacity> role = parsed(node, at, "role", this::knownRole);
    Optional<ResourceType> type = parsed(node, at, "resource", ResourceType::new);
    List<Scope> scopes = values(node, at, "scope", PolicyReader::scope, true);
    List<Ownership> ownership = values(node, at, "ownership", word(Ownership.values()), false);
    List<String> status = values(node, at, "status", matching(WORD, "Closed"), false);
    List<ContactPrivacy> presets =
        values(node, at, "presets", word(ContactPrivacy.values()), false);
    List<String> wanted = values(node, at, "options", this::knownOption, false);
    Guards guards =
        new Guards(
            new LinkedHashSet<>(ownership),
            new LinkedHashSet<>(status),
            flag(node, at, "linkedToTransaction"),
            node.has("routedToReview") ? flag(node, at, "routedToReview") : null,
            flag(node, at, "notOwn"),
            flag(node, at, "createdDuringGrant"),
            flag(node, at, "underDelegation"),
            flag(node, at, "barrier"));
    boolean breakGlass = flag(node, at, "breakGlass");
    if (guards.notOwn() && scopes.equals(List.of(Scope.OWN))) {
      fault(at + "/notOwn", "contradicts the scope OWN: the rule would allow nothing");
    }
    boolean taken =
        (!node.has("presets") || presets.contains(privacy))
            && (!node.has("options") || wanted.stream().anyMatch(chosen::contains));
    if (!taken || id.isEmpty() || role.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Rule(
            id.get(),
            role.get(),
            type.get(),
            new LinkedHashSet<>(actions),
            new LinkedHashSet<>(scopes),
            guards,
            breakGlass));
  }

  private Capacity knownRole(String value) {
    Capacity role = new Capacity(value);
    if (!roles.contains(role)) {
      throw VestaException.invalid("role", "not among /roles", "add it there");
    }
    return role;
  }

  private String knownOption(String value) {
    if (!options.contains(matching(OPTION, "MARKETING").apply(value))) {
      throw VestaException.invalid("option", "not among /options", "add it there");
    }
    return value;
  }

  private boolean isObject(JsonNode node, String at) {
    if (!node.isObject()) {
      fault(at, "must be an object");
    }
    return node.isObject();
  }

  private static Set<String> with(String... more) {
    Set<String> all = new HashSet<>(SHARED_FIELDS);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  private static Function<String, String> matching(Pattern pattern, String example) {
    return value -> {
      if (value.length() > 128 || !pattern.matcher(value).matches()) {
        throw VestaException.invalid(
            "word",
            "a text of " + value.length() + " characters outside the allowed form",
            "use a form such as " + example);
      }
      return value;
    };
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private void optionalText(JsonNode node, String at, String field) {
    JsonNode value = node.path(field);
    if (!value.isMissingNode() && !value.isTextual()) {
      fault(at + "/" + field, "must be a text");
    }
  }

  private void knownFields(JsonNode node, String at, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                fault(
                    at + "/" + escaped(field),
                    "is not a known field; known are " + new TreeSet<>(known));
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
    return values(at + "/" + field, node.path(field), parser, required);
  }

  private <T> List<T> values(
      String at, JsonNode list, Function<String, T> parser, boolean required) {
    if (list.isMissingNode() && !required) {
      return List.of();
    }
    List<T> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    if (!list.isArray() || list.isEmpty()) {
      fault(at, "must be a list of at least one text");
      return found;
    }
    for (int i = 0; i < list.size(); i++) {
      String here = at + "/" + i;
      if (!list.get(i).isTextual()) {
        fault(here, "must be a text");
        continue;
      }
      String value = list.get(i).textValue();
      if (!seen.add(value)) {
        fault(here, "is given twice");
      }
      attempt(here, value, parser).ifPresent(found::add);
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

  private static Permission capability(String value) {
    Permission permission = Permission.of(value);
    if (NEVER_BY_BOT.contains(permission.action().name())
        || CLOSED_TO_BOTS.contains(permission.type().name())) {
      throw VestaException.invalid(
          "bot capability", "one that no bot may have", "leave it to a person");
    }
    return permission;
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
      return sha256(
          privacy + "\n" + new TreeSet<>(chosen) + "\n" + MAPPER.writeValueAsString(sorted));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a parsed document can be written", e);
    }
  }

  static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
