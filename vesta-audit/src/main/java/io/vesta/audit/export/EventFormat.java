package io.vesta.audit.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditEvent.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Entries in the words of other systems, by the table at {@link AuditEntry}. They are for reading
 * along, such as in a SIEM; what is proven are the entry's own bytes.
 */
public enum EventFormat {
  /** An event of CloudEvents 1.0 in its JSON format. */
  CLOUD_EVENTS {
    @Override
    ObjectNode of(AuditEntry entry, ObjectNode members) {
      ObjectNode event = JSON.createObjectNode();
      event.put("specversion", "1.0");
      event.put("id", text(members, "id"));
      event.put("source", "vesta/" + text(members, "tenant"));
      event.put("type", text(members, "action"));
      event.put("subject", text(members, "target"));
      event.put("time", text(members, "time"));
      event.put("dataschema", ENTRY);
      event.put("datacontenttype", "application/json");
      event.set("data", rest(members));
      return event;
    }
  },
  /** An activity event of the DMTF's Cloud Auditing Data Federation 1.0 (DSP0262). */
  CADF {
    @Override
    ObjectNode of(AuditEntry entry, ObjectNode members) {
      ObjectNode event = JSON.createObjectNode();
      event.put("typeURI", "http://schemas.dmtf.org/cloud/audit/1.0/event");
      event.put("eventType", "activity");
      event.put("id", text(members, "id"));
      // A time there has an offset in digits.
      event.put("eventTime", text(members, "time").replace("Z", "+00:00"));
      event.put("action", text(members, "action"));
      event.put("outcome", entry.outcome() == Outcome.SUCCESS ? "success" : "failure");
      if (entry.outcome() != Outcome.SUCCESS) {
        event
            .putObject("reason")
            .put("reasonType", ENTRY)
            .put("reasonCode", entry.outcome().name());
      }
      event
          .putObject("initiator")
          .put("id", entry.actor().ref().toString())
          .put(
              "typeURI",
              entry.actor().kind() == Actor.Kind.MEMBER
                  ? "data/security/account/user"
                  : "service/security");
      event.putObject("target").put("id", text(members, "target")).put("typeURI", "data");
      event.putObject("observer").put("id", text(members, "tenant")).put("typeURI", "service");
      event
          .putArray("attachments")
          .addObject()
          .put("name", "entry")
          .put("typeURI", ENTRY)
          .set("content", rest(members));
      return event;
    }
  },
  /** An event of the class Entity Management (3004) of the Open Cybersecurity Schema Framework. */
  OCSF {
    private static final int CLASS = 3004;
    private static final int OTHER = 99;

    @Override
    ObjectNode of(AuditEntry entry, ObjectNode members) {
      ObjectNode event = JSON.createObjectNode();
      event.put("category_uid", CLASS / 1000);
      event.put("class_uid", CLASS);
      event.put("activity_id", OTHER);
      event.put("activity_name", text(members, "action"));
      event.put("type_uid", CLASS * 100L + OTHER);
      event.put("severity_id", entry.outcome() == Outcome.SUCCESS ? 1 : 2);
      event.put("status_id", entry.outcome() == Outcome.SUCCESS ? 1 : 2);
      event.put("status_detail", entry.outcome().name());
      event.put("time", entry.at().toEpochMilli());
      ObjectNode metadata = event.putObject("metadata");
      metadata.put("version", "1.3.0");
      metadata.put("log_version", "1");
      metadata.put("uid", text(members, "id"));
      metadata.put("event_code", text(members, "action"));
      metadata.put("tenant_uid", text(members, "tenant"));
      metadata.put("original_time", text(members, "time"));
      entry.correlation().ifPresent(ref -> metadata.put("correlation_uid", ref.toString()));
      metadata.putObject("product").put("name", "Vesta").put("vendor_name", "Vesta");
      event.putObject("actor").putObject("user").put("uid", entry.actor().ref().toString());
      event
          .putObject("entity")
          .put("type", entry.target().type())
          .put("uid", text(members, "target"));
      event.set("unmapped", rest(members));
      return event;
    }
  };

  /** What names an entry of version 1. */
  private static final String ENTRY = "urn:vesta:audit:entry:1";

  private static final JsonMapper JSON = new JsonMapper();

  abstract ObjectNode of(AuditEntry entry, ObjectNode members);

  /** The entry as JSON in this format; never null. */
  public String write(AuditEntry entry) {
    try {
      JsonNode members = JSON.readTree(entry.bytes());
      return JSON.writeValueAsString(of(entry, (ObjectNode) members));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry is JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(ObjectNode members, String name) {
    return members.path(name).textValue();
  }

  /** What none of the formats has a word of its own for. */
  private static ObjectNode rest(ObjectNode members) {
    ObjectNode rest = JSON.createObjectNode();
    for (String name : new String[] {"actor", "corr", "data", "outcome", "sd"}) {
      if (members.has(name)) {
        rest.set(name, members.get(name));
      }
    }
    return rest;
  }
}
