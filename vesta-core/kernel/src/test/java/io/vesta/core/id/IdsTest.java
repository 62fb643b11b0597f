package io.vesta.core.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

  private static final BrokerageId ONE = new BrokerageId("one");

  @Test
  void equal_keys_of_two_brokerages_are_different_ids() {
    assertNotEquals(new MemberId(ONE, "M05"), new MemberId(new BrokerageId("two"), "M05"));
  }

  @Test
  void a_reference_names_the_kind_and_the_key_without_the_tenant() {
    assertEquals(new Ref("Contact", "C0001"), new ContactId(ONE, "C0001").ref());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "ann@example.org", "x\n", "\u00e9", "-x", "../x", "a/b"})
  void a_key_has_no_room_for_names_addresses_or_sentences(String key) {
    VestaException refused = assertThrows(VestaException.class, () -> new ContactId(ONE, key));
    assertEquals("VESTA-CORE-006", refused.code().code());
    assertTrue(refused.getMessage().contains("contact key"));
    assertFalse(key.length() > 2 && refused.getMessage().contains(key), "the value is not echoed");
  }

  @Test
  void a_key_has_at_most_128_characters() {
    assertEquals(128, new ContactId(ONE, "k".repeat(128)).key().length());
    assertThrows(VestaException.class, () -> new ContactId(ONE, "k".repeat(129)));
  }
}
