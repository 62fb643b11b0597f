package io.vesta.audit.entry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.ContactId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditEntryTest {

  private static final BrokerageId ACME = new BrokerageId("acme");
  private static final Actor BROKER = Actor.member(new MemberId(ACME, "m-1"), Capacity.BROKER);
  private static final AuditAction APPROVED = new AuditAction("vesta.approval.draft.approved");
  private static final UUID ID = UUID.fromString("018bcfe5-6800-7000-8000-000000000001");
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.890123Z");

  private static AuditEvent.Builder event(Actor actor) {
    return AuditEvent.builder(APPROVED, actor, new Ref("Draft", "d-9"));
  }

  private static AuditEntry entry(AuditEvent event) {
    return AuditEntry.of(ID, AT, event, List.of());
  }

  private static String json(AuditEntry entry) {
    return new String(entry.bytes(), StandardCharsets.UTF_8);
  }

  private static AuditEntry parse(String json) {
    return AuditEntry.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void the_bytes_are_those_of_the_format() {
    AuditEvent event =
        event(BROKER)
            .correlation(new Ref("Request", "r-1"))
            .with("sent", true)
            .with("contact", new ContactId(ACME, "c-3"))
            .with("because", AuditEvent.Outcome.DENIED)
            .with("count", 12)
            .with("price", new BigDecimal("450000.50"))
            .with("due", Instant.parse("2026-03-05T00:00:00Z"))
            .withDigest("envelope", new byte[32])
            .build();
    assertEquals(
        "{\"v\":1,\"action\":\"vesta.approval.draft.approved\","
            + "\"actor\":{\"as\":\"BROKER\",\"kind\":\"MEMBER\",\"ref\":\"Member:m-1\"},"
            + "\"corr\":\"Request:r-1\","
            + "\"data\":{\"because\":\"DENIED\",\"contact\":{\"ref\":\"Contact:c-3\"},\"count\":12,"
            + "\"due\":{\"at\":\"2026-03-05T00:00:00.000Z\"},\"envelope\":{\"sha256\":\""
            + "0".repeat(64)
            + "\"},\"price\":{\"dec\":\"450000.50\"},\"sent\":true},"
            + "\"id\":\"018bcfe5-6800-7000-8000-000000000001\",\"outcome\":\"SUCCESS\","
            + "\"target\":\"Draft:d-9\",\"tenant\":\"acme\",\"time\":\"2026-03-04T05:06:07.890Z\"}",
        json(entry(event)));
  }

  @Test
  void reading_gives_back_what_was_written() {
    List<Actor> actors =
        List.of(
            BROKER, Actor.bot("drafter", new MemberId(ACME, "m-2")), Actor.system(ACME, "expiry"));
    for (Actor actor : actors) {
      AuditEvent event =
          event(actor)
              .outcome(AuditEvent.Outcome.FAILURE)
              .with("whole", -3)
              .with("large", new BigDecimal("9007199254740992"))
              .with("small", new BigDecimal("0.000000001"))
              .with("no", false)
              .with("at", Instant.EPOCH)
              .build();
      AuditEntry written = entry(event);
      AuditEntry read = AuditEntry.parse(written.bytes());
      assertEquals(written, read);
      assertEquals(actor, read.actor());
      assertEquals(ACME, read.brokerage());
      assertEquals(APPROVED, read.action());
      assertEquals(event.target(), read.target());
      assertEquals(AuditEvent.Outcome.FAILURE, read.outcome());
      assertEquals(ID, read.id());
      assertEquals(Instant.parse("2026-03-04T05:06:07.890Z"), read.at());
      assertEquals(event.details(), read.details());
      assertFalse(read.correlation().isPresent());
    }
  }

  @Test
  void another_spelling_of_the_same_entry_is_no_entry() {
    String good =
        json(entry(event(BROKER).with("count", 12).with("flag", true).with("x", ref()).build()));
    assertEquals(good, json(parse(good)));
    for (String bad :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            good + " ",
            good + good,
            good.replace(",\"id\"", ", \"id\""),
            good.replace("{\"v\":1,", "{"),
            good.replace("\"v\":1", "\"v\":2"),
            good.replace("\"v\":1", "\"v\":1.0"),
            good.replace("\"count\":12", "\"count\":12.0"),
            good.replace("\"count\":12", "\"count\":1.2e1"),
            good.replace("\"count\":12", "\"count\":-0"),
            good.replace("\"count\":12", "\"count\":12,\"count\":12"),
            good.replace("\"count\":12", "\"count\":\"free text\""),
            good.replace("\"count\":12", "\"count\":{\"text\":\"X\"}"),
            good.replace("\"count\":12", "\"count\":{\"dec\":\"1e9999999\"}"),
            good.replace("\"count\":12", "\"count\":null"),
            good.replace("\"count\":12", "\"count\":[[[[]]]]"),
            good.replace("\"count\":12", "\"a@b.example\":12"),
            good.replace("\"count\":12,\"flag\":true", "\"flag\":true,\"count\":12"),
            good.replace("approved", "approve\\u0064"),
            good.replace("Member:m-1", "Person:m-1"),
            good.replace("Member:m-1", "Member"),
            good.replace("Draft:d-9", "Draft:a b"),
            good.replace("\"as\":\"BROKER\",", ""),
            good.replace("\"outcome\":\"SUCCESS\"", "\"outcome\":\"MAYBE\""),
            good.replace("018bcfe5", "018BCFE5"),
            good.replace("07.890Z", "07.89Z"),
            good.replace("07.890Z", "07.890+00:00"),
            good.replace("\"target\"", "\"note\":\"x\",\"target\""),
            good.replace("\"tenant\":\"acme\",", ""),
            "\ufeff" + good)) {
      VestaException refused = assertThrows(VestaException.class, () -> parse(bad), bad);
      assertEquals("VESTA-AUDIT-002", refused.code().code());
      assertNull(refused.getCause(), "a parser's message could quote the bytes");
    }
    assertThrows(VestaException.class, () -> AuditEntry.parse(new byte[65_536]));
    assertThrows(VestaException.class, () -> AuditEntry.parse(new byte[] {(byte) 0xff}));
  }

  @Test
  void digests_of_erasable_details_are_ascending_and_of_one_spelling() {
    String a = "A".repeat(43);
    String b = "B".repeat(42) + "_";
    AuditEntry entry = AuditEntry.of(ID, AT, event(BROKER).build(), List.of(a, b));
    String good = json(entry);
    assertTrue(
        good.contains("\"outcome\":\"SUCCESS\",\"sd\":[\"" + a + "\",\"" + b + "\"],\"target\""));
    assertEquals(List.of(a, b), parse(good).sealed());
    String sd = "\"sd\":[\"" + a + "\",\"" + b + "\"]";
    for (String bad :
        List.of(
            "\"sd\":[]",
            "\"sd\":null",
            "\"sd\":{}",
            "\"sd\":\"" + a + "\"",
            "\"sd\":[\"" + b + "\",\"" + a + "\"]",
            "\"sd\":[\"" + a + "\",\"" + a + "\"]",
            "\"sd\":[\"" + a + "A\"]",
            "\"sd\":[\"" + a.substring(1) + "+\"]",
            "\"sd\":[7]",
            "\"sd\":[[\"" + a + "\"]]",
            "\"sd\":[\"plain text of a person that has 43 character\"]")) {
      assertThrows(VestaException.class, () -> parse(good.replace(sd, bad)), bad);
    }
  }

  private static Ref ref() {
    return new Ref("Thread", "a:b:c");
  }

  @Test
  void what_the_format_cannot_hold_is_refused() {
    for (String amount : List.of("1E+1000000000", "1E-101", "1".repeat(101))) {
      AuditEvent event = event(BROKER).with("amount", new BigDecimal(amount)).build();
      VestaException refused = assertThrows(VestaException.class, () -> entry(event));
      assertEquals("VESTA-AUDIT-001", refused.code().code());
    }
    AuditEvent plain = event(BROKER).build();
    assertThrows(VestaException.class, () -> AuditEntry.of(ID, Instant.MAX, plain, List.of()));
    AuditEvent late = event(BROKER).with("at", Instant.MIN).build();
    assertThrows(VestaException.class, () -> entry(late));
  }

  @Test
  void the_largest_possible_event_fits() {
    AuditEvent.Builder event = event(BROKER);
    for (int i = 0; i < 32; i++) {
      event.with("x".repeat(30) + (char) ('A' + i % 26) + (char) ('A' + i / 26), longest());
    }
    byte[] bytes = entry(event.correlation(longest()).build()).bytes();
    assertArrayEquals(bytes, AuditEntry.parse(bytes).bytes());
  }

  private static Ref longest() {
    return new Ref("T".repeat(64), "k".repeat(128));
  }

  @Test
  void neither_actor_nor_details_show_in_texts_for_logs() {
    AuditEntry entry = entry(event(BROKER).with("count", 12).build());
    assertEquals("vesta.approval.draft.approved " + ID, entry.toString());
    assertEquals(new AuditValue.Amount(BigDecimal.valueOf(12)), entry.details().get("count"));
  }
}
