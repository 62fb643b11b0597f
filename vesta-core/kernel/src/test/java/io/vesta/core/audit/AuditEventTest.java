package io.vesta.core.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.access.Actor;
import io.vesta.core.access.Capacity;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.ContactId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.Ref;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditEventTest {

  private static final BrokerageId ONE = new BrokerageId("one");
  private static final Actor ANN = Actor.member(new MemberId(ONE, "M01"), Capacity.AGENT);

  private static AuditEvent.Builder event() {
    return AuditEvent.builder(
        new AuditAction("vesta.approval.draft.approved"), ANN, new Ref("Draft", "D1"));
  }

  @Test
  void no_builder_method_takes_free_text_as_a_detail() {
    List<Method> withText =
        Arrays.stream(AuditEvent.Builder.class.getDeclaredMethods())
            .filter(method -> method.getName().startsWith("with"))
            .filter(
                method ->
                    Arrays.asList(method.getParameterTypes()).indexOf(String.class) != 0
                        || Arrays.asList(method.getParameterTypes()).lastIndexOf(String.class) != 0)
            .toList();
    assertEquals(List.of(), withText);
  }

  @Test
  void details_keep_their_order_and_are_given_once() {
    AuditEvent event = event().with("revision", 2).with("risky", true).build();
    assertEquals(List.of("revision", "risky"), List.copyOf(event.details().keySet()));
    AuditEvent.Builder twice = event().with("revision", 2);
    assertThrows(VestaException.class, () -> twice.with("revision", 3));
  }

  @Test
  void what_a_person_wrote_goes_in_only_as_what_can_be_erased() {
    Ref ann = new Ref("Contact", "c-1");
    AuditEvent event =
        event()
            .with("reason", Erasable.text(ann, "moved to Oslo"))
            .with("income", Erasable.number(ann, new BigDecimal("12.50")))
            .with("insolvent", Erasable.flag(ann, false))
            .build();
    assertEquals(List.of("reason", "income", "insolvent"), List.copyOf(event.erasables().keySet()));
    assertEquals(0, event.details().size());
    assertFalse((event + " " + event.erasables()).contains("Oslo"));
    AuditEvent.Builder twice = event().with("reason", 1);
    Erasable<Boolean> again = Erasable.flag(ann, true);
    assertThrows(VestaException.class, () -> twice.with("reason", again));
    assertThrows(VestaException.class, () -> twice.with("Reason", again));
    for (String bad : List.of("x".repeat(16_385), "\ud800", "a\udc00b")) {
      VestaException refused = assertThrows(VestaException.class, () -> Erasable.text(ann, bad));
      assertFalse(refused.getMessage().contains(bad));
    }
    BigDecimal tiny = BigDecimal.ONE.scaleByPowerOfTen(-101);
    assertThrows(VestaException.class, () -> Erasable.number(ann, tiny));
    Erasable.text(ann, "x".repeat(16_384));
    Erasable.text(ann, "\ud83c\udfe0 and NUL \0");
  }

  @Test
  void a_thing_of_another_brokerage_is_refused() {
    AuditEvent.Builder event = event();
    ContactId foreign = new ContactId(new BrokerageId("two"), "C1");
    assertThrows(VestaException.class, () -> event.with("contact", foreign));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "draft.approved", "Vesta.approval.draft", "vesta..x.y", "a.b.c d"})
  void an_action_is_three_to_six_lower_case_words(String name) {
    assertThrows(VestaException.class, () -> new AuditAction(name));
  }

  @Test
  void the_actor_names_the_log() {
    assertEquals(ONE, event().build().brokerage());
  }
}
