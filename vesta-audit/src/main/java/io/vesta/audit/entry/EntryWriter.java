package io.vesta.audit.entry;

import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the one form of an entry. Nothing is escaped: every text comes from a type whose alphabet
 * has no quote, backslash or control character.
 */
final class EntryWriter {

  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Whole numbers up to here are written bare: every JSON reader keeps them exactly. */
  private static final BigDecimal MOST_EXACT = BigDecimal.valueOf((1L << 53) - 1);

  /** More digits than any amount has, and too few to fill an entry. */
  private static final int MOST_DIGITS = 100;

  private EntryWriter() {}

  static String write(AuditEntry entry) {
    StringBuilder json = new StringBuilder(384).append("{\"v\":1");
    member(json, "action", entry.action().name());
    actor(json, entry.actor());
    entry.correlation().ifPresent(ref -> member(json, "corr", ref.toString()));
    if (!entry.details().isEmpty()) {
      data(json, entry.details());
    }
    member(json, "id", entry.id().toString());
    member(json, "outcome", entry.outcome().name());
    if (!entry.sealed().isEmpty()) {
      json.append(",\"sd\":[\"").append(String.join("\",\"", entry.sealed())).append("\"]");
    }
    member(json, "target", entry.target().toString());
    member(json, "tenant", entry.brokerage().key());
    member(json, "time", TIME.format(entry.at()));
    return json.append('}').toString();
  }

  private static void actor(StringBuilder json, Actor actor) {
    json.append(",\"actor\":{");
    actor.capacity().ifPresent(as -> json.append("\"as\":\"").append(as.role()).append("\","));
    if (actor.kind() == Actor.Kind.BOT) {
      actor
          .member()
          .ifPresent(member -> json.append("\"for\":\"").append(member.ref()).append("\","));
    }
    json.append("\"kind\":\"").append(actor.kind()).append('"');
    member(json, "ref", actor.ref().toString());
    json.append('}');
  }

  private static void data(StringBuilder json, Map<String, AuditValue> details) {
    json.append(",\"data\":{");
    String separator = "";
    for (Map.Entry<String, AuditValue> detail : details.entrySet()) {
      json.append(separator).append('"').append(detail.getKey()).append("\":");
      value(json, detail.getValue());
      separator = ",";
    }
    json.append('}');
  }

  private static void value(StringBuilder json, AuditValue value) {
    if (value instanceof AuditValue.Reference reference) {
      tagged(json, "ref", reference.ref().toString());
    } else if (value instanceof AuditValue.Code code) {
      json.append('"').append(code.name()).append('"');
    } else if (value instanceof AuditValue.Amount amount) {
      amount(json, amount.value());
    } else if (value instanceof AuditValue.At at) {
      tagged(json, "at", TIME.format(time(at.instant())));
    } else if (value instanceof AuditValue.Flag flag) {
      json.append(flag.value());
    } else if (value instanceof AuditValue.Digest digest) {
      tagged(json, "sha256", digest.hex());
    }
  }

  private static void amount(StringBuilder json, BigDecimal amount) {
    if (amount.precision() > MOST_DIGITS || Math.abs((long) amount.scale()) > MOST_DIGITS) {
      throw AuditEntry.refused("has an amount of more than " + MOST_DIGITS + " digits");
    }
    if (amount.scale() <= 0 && amount.abs().compareTo(MOST_EXACT) <= 0) {
      json.append(amount.toPlainString());
    } else {
      tagged(json, "dec", amount.toPlainString());
    }
  }

  private static Instant time(Instant instant) {
    return AuditEntry.requireWritable(instant);
  }

  private static void tagged(StringBuilder json, String tag, String text) {
    json.append("{\"").append(tag).append("\":\"").append(text).append("\"}");
  }

  private static void member(StringBuilder json, String name, String text) {
    json.append(",\"").append(name).append("\":\"").append(text).append('"');
  }
}
