package io.vesta.rbac.authzen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.Resource;
import io.vesta.core.access.Resource.Ownership;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.rbac.RbacError;
import io.vesta.rbac.org.OrgSnapshot;
import io.vesta.rbac.org.RoleGrant.Over;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who and what the other side's identifiers mean: subjects with their grants, and records with
 * their facts. Immutable.
 */
final class Directory {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** A type and an identifier, as the other side writes them. */
  record Name(String type, String id) {}

  /** A subject: in which capacities it may act. */
  record Subject(MemberId member, List<Actor> actors) {}

  private static final Set<String> FACTS =
      Set.of(
          "owner",
          "team",
          "office",
          "participants",
          "ownership",
          "linkedToTransaction",
          "routedToReview",
          "behindBarrier",
          "status");

  private final BrokerageId brokerage;
  private final Map<Name, Subject> subjects = new LinkedHashMap<>();
  private final Map<Name, JsonNode> records = new LinkedHashMap<>();
  private final Map<String, MemberId> aliases = new LinkedHashMap<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final OrgSnapshot organisation;

  private Directory(JsonNode document) {
    brokerage = new BrokerageId(text(document, "brokerage"));
    OrgSnapshot.Builder org = OrgSnapshot.builder();
    Set<MemberId> known = new HashSet<>();
    for (JsonNode subject : document.path("subjects")) {
      MemberId member = new MemberId(brokerage, text(subject, "member"));
      if (!known.add(member)) {
        throw bad("a member stands behind two subjects");
      }
      org.member(member, new OfficeId(brokerage, subject.path("office").asText("main")));
      for (JsonNode team : subject.path("teams")) {
        org.membership(member, new TeamId(brokerage, team.asText()), Instant.MIN, Instant.MAX);
      }
      List<Actor> actors = new ArrayList<>();
      for (JsonNode grant : subject.path("grants")) {
        Capacity role = new Capacity(text(grant, "role"));
        org.grant(member, role, over(grant), Instant.MIN, Instant.MAX);
        Actor actor = Actor.member(member, role);
        if (!actors.contains(actor)) {
          actors.add(actor);
        }
      }
      Name name = new Name(text(subject, "type"), text(subject, "id"));
      if (subjects.put(name, new Subject(member, List.copyOf(actors))) != null) {
        throw bad("a subject is given twice");
      }
      aliases.put(member.key(), member);
      subject.path("aliases").forEach(alias -> aliases.put(alias.asText(), member));
    }
    for (JsonNode record : document.path("resources")) {
      if (records.put(new Name(text(record, "type"), text(record, "id")), record) != null) {
        throw bad("a resource is given twice");
      }
    }
    document
        .path("properties")
        .properties()
        .forEach(
            entry -> {
              if (!FACTS.contains(entry.getKey()) || !entry.getValue().isTextual()) {
                throw bad("properties name the facts " + FACTS);
              }
              properties.put(entry.getKey(), entry.getValue().textValue());
            });
    organisation = org.build();
  }

  static Directory of(String json) {
    try {
      return new Directory(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw bad("the document is no JSON");
    }
  }

  OrgSnapshot organisation() {
    return organisation;
  }

  Map<Name, Subject> subjects() {
    return subjects;
  }

  Set<Name> records() {
    return records.keySet();
  }

  @Nullable Subject subject(Name name) {
    return subjects.get(name);
  }

  /** The subject behind which a member of the organisation stands. */
  Name nameOf(MemberId member) {
    for (Map.Entry<Name, Subject> entry : subjects.entrySet()) {
      if (entry.getValue().member().equals(member)) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("the organisation is made of the subjects");
  }

  /**
   * The record behind a name. What is stored counts more than what a request says; of a record that
   * is not stored, the properties that the document names are believed.
   */
  Resource resource(Name name, JsonNode given) {
    JsonNode stored = records.get(name);
    Resource.Builder r =
        Resource.builder(new ResourceType(name.type()), brokerage, "R" + sha256(name.id()));
    for (String fact : FACTS) {
      JsonNode value =
          stored != null
              ? stored.path(fact)
              : properties.containsKey(fact)
                  ? given.path(properties.get(fact))
                  : MAPPER.missingNode();
      if (!value.isMissingNode() && !value.isNull()) {
        set(r, fact, value);
      }
    }
    return r.build();
  }

  private void set(Resource.Builder r, String fact, JsonNode value) {
    switch (fact) {
      case "owner" -> r.owner(member(value));
      case "team" -> r.team(new TeamId(brokerage, value.asText()));
      case "office" -> r.office(new OfficeId(brokerage, value.asText()));
      case "participants" -> {
        Set<MemberId> members = new HashSet<>();
        for (JsonNode one : value) {
          MemberId member = member(one);
          if (member != null) {
            members.add(member);
          }
        }
        r.participants(members);
      }
      case "ownership" -> r.ownership(ownership(value.asText()));
      case "linkedToTransaction" -> r.linkedToTransaction(value.isBoolean() && value.asBoolean());
      case "routedToReview" -> r.routedToReview(value.isBoolean() ? value.asBoolean() : null);
      case "behindBarrier" -> r.behindBarrier(value.isBoolean() ? value.asBoolean() : null);
      case "status" -> r.status(value.asText());
      default -> throw new IllegalStateException("every fact is read");
    }
  }

  private static @Nullable Ownership ownership(String word) {
    for (Ownership ownership : Ownership.values()) {
      if (ownership.name().equals(word)) {
        return ownership;
      }
    }
    return null;
  }

  private @Nullable MemberId member(JsonNode value) {
    return aliases.get(value.asText());
  }

  private Over over(JsonNode grant) {
    if (grant.has("team")) {
      return new Over.Team(new TeamId(brokerage, text(grant, "team")));
    } else if (grant.has("office")) {
      return new Over.Office(new OfficeId(brokerage, text(grant, "office")));
    }
    return grant.path("self").asBoolean(false) ? new Over.Self() : new Over.Brokerage();
  }

  private static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw bad(field + " must be a text");
    }
    return value.textValue();
  }

  private static VestaException bad(String problem) {
    return new VestaException(RbacError.DIRECTORY_INVALID, "AuthZEN data: " + problem);
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
