package io.vesta.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.TeamId;
import org.junit.jupiter.api.Test;

class ActorTest {

  private static final BrokerageId ONE = new BrokerageId("one");
  private static final MemberId ANN = new MemberId(ONE, "M01");

  @Test
  void a_bot_acts_for_a_member_and_is_no_person() {
    Actor bot = Actor.bot("drafter", ANN);
    assertEquals(ANN, bot.member().orElseThrow());
    AccessDeniedException refused =
        assertThrows(AccessDeniedException.class, () -> bot.requirePerson("approving"));
    assertEquals("NOT_A_PERSON", refused.reason());
  }

  @Test
  void a_system_actor_is_nobody() {
    Actor system = Actor.system(ONE, "expiry");
    assertTrue(system.member().isEmpty() && system.capacity().isEmpty());
    assertThrows(AccessDeniedException.class, () -> system.requirePerson("approving"));
  }

  @Test
  void a_record_with_ids_of_two_brokerages_cannot_be_described() {
    Resource.Builder contact = Resource.builder(ResourceType.CONTACT, ONE, "C1").owner(ANN);
    assertThrows(
        VestaException.class, () -> contact.team(new TeamId(new BrokerageId("two"), "T1")));
  }

  @Test
  void column_names_are_plain_identifiers() {
    ResourceColumns.Builder columns =
        ResourceColumns.builder(ResourceType.CONTACT, "c.brokerage_key");
    assertThrows(VestaException.class, () -> columns.owner("owner_key) or (1=1"));
    assertThrows(VestaException.class, () -> columns.participants("a", "b;drop"));
  }

  @Test
  void a_denied_decision_throws_its_reason() {
    Decision no =
        new Decision() {
          @Override
          public boolean allowed() {
            return false;
          }

          @Override
          public String reason() {
            return "NO_GRANT";
          }

          @Override
          public String policyVersion() {
            return "v1";
          }

          @Override
          public String because() {
            return "no grant covers it";
          }
        };
    AccessDeniedException refused = assertThrows(AccessDeniedException.class, no::orThrow);
    assertEquals("NO_GRANT", refused.reason());
    assertEquals("VESTA-CORE-007", refused.code().code());
  }
}
