package io.vesta.audit.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each format demands of every event, for every kind of actor and outcome. */
class EventFormatTest {

  private static final BrokerageId ACME = new BrokerageId("acme");
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.089Z");
  private static final String ID = "01956fa1-0000-7000-8000-000000000001";

  private static List<AuditEntry> entries() {
    MemberId member = new MemberId(ACME, "m-1");
    List<AuditEntry> entries = new ArrayList<>();
    for (Actor actor :
        List.of(
            Actor.member(member, Capacity.BROKER),
            Actor.bot("writer", member),
            Actor.system(ACME, "job"))) {
      for (AuditEvent.Outcome outcome : AuditEvent.Outcome.values()) {
        AuditEvent event =
            AuditEvent.builder(
                    new AuditAction("vesta.approval.draft.approved"),
                    actor,
                    new Ref("Draft", "d-1"))
                .outcome(outcome)
                .correlation(new Ref("Matter", "x-1"))
                .with("number", 7)
                .build();
        entries.add(AuditEntry.of(UUID.fromString(ID), AT, event, List.of()));
      }
    }
    return entries;
  }

  private static JsonNode written(EventFormat format, AuditEntry entry) throws Exception {
    return new JsonMapper().readTree(format.write(entry));
  }

  private static void assertTexts(JsonNode node, String... names) {
    for (String name : names) {
      assertTrue(node.path(name).isTextual(), name);
      assertFalse(node.path(name).textValue().isEmpty(), name);
    }
  }

  @Test
  void cloud_events_have_what_version_1_0_requires() throws Exception {
    for (AuditEntry entry : entries()) {
      JsonNode event = written(EventFormat.CLOUD_EVENTS, entry);
      assertTexts(event, "id", "source", "type", "subject", "datacontenttype");
      assertEquals("1.0", event.get("specversion").textValue());
      assertEquals("vesta/acme", URI.create(event.get("source").textValue()).toString());
      assertTrue(URI.create(event.get("dataschema").textValue()).isAbsolute());
      assertEquals(AT, OffsetDateTime.parse(event.get("time").textValue()).toInstant());
      event.fieldNames().forEachRemaining(name -> assertTrue(name.matches("[a-z0-9]{1,20}"), name));
      assertEquals(7, event.at("/data/data/number").intValue());
      assertEquals(entry.outcome().name(), event.at("/data/outcome").textValue());
    }
  }

  @Test
  void cadf_events_name_initiator_target_observer_and_how_it_ended() throws Exception {
    for (AuditEntry entry : entries()) {
      JsonNode event = written(EventFormat.CADF, entry);
      assertTexts(event, "id", "action");
      assertEquals(
          "http://schemas.dmtf.org/cloud/audit/1.0/event", event.get("typeURI").textValue());
      assertEquals("activity", event.get("eventType").textValue());
      assertEquals("2026-03-04T05:06:07.089+00:00", event.get("eventTime").textValue());
      assertTrue(Set.of("success", "failure").contains(event.get("outcome").textValue()));
      assertEquals(entry.outcome() != AuditEvent.Outcome.SUCCESS, event.has("reason"));
      for (String resource : List.of("initiator", "target", "observer")) {
        assertTexts(event.get(resource), "id", "typeURI");
      }
      for (JsonNode attachment : event.get("attachments")) {
        assertTexts(attachment, "name", "typeURI");
        assertEquals("Matter:x-1", attachment.at("/content/corr").textValue());
      }
    }
  }

  @Test
  void ocsf_events_have_what_entity_management_requires() throws Exception {
    for (AuditEntry entry : entries()) {
      JsonNode event = written(EventFormat.OCSF, entry);
      for (String name : List.of("activity_id", "category_uid", "class_uid", "severity_id")) {
        assertTrue(event.path(name).isInt(), name);
      }
      assertEquals(
          event.get("class_uid").longValue() * 100 + event.get("activity_id").longValue(),
          event.get("type_uid").longValue());
      assertEquals(event.get("class_uid").intValue() / 1000, event.get("category_uid").intValue());
      assertEquals(AT.toEpochMilli(), event.get("time").longValue());
      assertTexts(event, "activity_name", "status_detail");
      assertTexts(event.get("metadata"), "version", "uid", "tenant_uid", "correlation_uid");
      assertTexts(event.at("/metadata/product"), "name", "vendor_name");
      assertTexts(event.at("/actor/user"), "uid");
      assertTexts(event.get("entity"), "type", "uid");
      assertEquals(7, event.at("/unmapped/data/number").intValue());
    }
  }
}
