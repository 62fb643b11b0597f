package io.vesta.audit.entry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vesta.audit.AuditError;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads an entry into its parts, then demands that writing the parts gives the same bytes: white
 * space, another order, repeated or unknown members, escapes and other spellings of a value all
 * fail there.
 */
final class EntryReader {

  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNestingDepth(4).maxNumberLength(32).build())
              .build());

  /** What an event's builder accepts as the name of a detail. */
  private static final Pattern DETAIL = Pattern.compile("[a-z][A-Za-z0-9]{0,31}");

  /** The base64url of 32 bytes. */
  private static final Pattern DIGEST = Pattern.compile("[A-Za-z0-9_-]{43}");

  private static final int MOST_DIGESTS = 32;

  private EntryReader() {}

  static AuditEntry read(byte[] bytes) {
    if (bytes.length > EntryBundle.LONGEST) {
      throw malformed();
    }
    AuditEntry entry;
    try {
      entry = entry(JSON.readTree(bytes));
    } catch (IOException | VestaException | DateTimeException | IllegalArgumentException e) {
      // Without its cause: a parser's message quotes what it read.
      throw malformed();
    }
    if (!Arrays.equals(entry.bytes(), bytes)) {
      throw malformed();
    }
    return entry;
  }

  private static AuditEntry entry(JsonNode json) {
    Map<String, AuditValue> details = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : json.path("data").properties()) {
      if (!DETAIL.matcher(field.getKey()).matches()) {
        throw malformed();
      }
      details.put(field.getKey(), value(field.getValue()));
    }
    return new AuditEntry(
        UUID.fromString(text(json, "id")),
        Instant.parse(text(json, "time")),
        actor(json.path("actor"), new BrokerageId(text(json, "tenant"))),
        new AuditAction(text(json, "action")),
        Ref.parse(text(json, "target")),
        AuditEvent.Outcome.valueOf(text(json, "outcome")),
        json.has("corr") ? Ref.parse(text(json, "corr")) : null,
        details,
        sealed(json.path("sd")));
  }

  private static List<String> sealed(JsonNode json) {
    List<String> digests = new ArrayList<>();
    for (JsonNode digest : json) {
      boolean ascending =
          digest.isTextual()
              && DIGEST.matcher(digest.textValue()).matches()
              && (digests.isEmpty()
                  || digests.get(digests.size() - 1).compareTo(digest.textValue()) < 0);
      if (!ascending || digests.size() == MOST_DIGESTS) {
        throw malformed();
      }
      digests.add(digest.textValue());
    }
    return digests;
  }

  private static Actor actor(JsonNode json, BrokerageId brokerage) {
    Ref ref = Ref.parse(text(json, "ref"));
    return switch (Actor.Kind.valueOf(text(json, "kind"))) {
      case MEMBER ->
          Actor.member(new MemberId(brokerage, ref.key()), new Capacity(text(json, "as")));
      case BOT -> Actor.bot(ref.key(), new MemberId(brokerage, Ref.parse(text(json, "for")).key()));
      case SYSTEM -> Actor.system(brokerage, ref.key());
    };
  }

  private static AuditValue value(JsonNode json) {
    if (json.isTextual()) {
      return new AuditValue.Code(json.textValue());
    }
    if (json.isBoolean()) {
      return new AuditValue.Flag(json.booleanValue());
    }
    if (json.isIntegralNumber()) {
      return new AuditValue.Amount(json.decimalValue());
    }
    if (json.has("ref")) {
      return new AuditValue.Reference(Ref.parse(text(json, "ref")));
    }
    if (json.has("at")) {
      return new AuditValue.At(Instant.parse(text(json, "at")));
    }
    if (json.has("dec")) {
      return new AuditValue.Amount(new BigDecimal(text(json, "dec")));
    }
    return new AuditValue.Digest(text(json, "sha256"));
  }

  private static String text(JsonNode json, String name) {
    JsonNode member = json.path(name);
    if (!member.isTextual()) {
      throw malformed();
    }
    return member.textValue();
  }

  private static VestaException malformed() {
    return new VestaException(
        AuditError.ENTRY_MALFORMED, "the bytes are no audit entry of version 1");
  }
}
