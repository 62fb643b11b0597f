package io.vesta.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResourceTest {

  private static final BrokerageId FIRM = new BrokerageId("firm");

  private static Resource.Builder listing() {
    return Resource.builder(ResourceType.LISTING, FIRM, "L1");
  }

  @Test
  void what_is_not_told_is_unknown_and_a_barrier_is_not_told_away_by_default() {
    Resource resource = listing().build();
    assertEquals(Optional.empty(), resource.behindBarrier());
    assertNull(resource.statusOrNull());
    assertNull(resource.ownerOrNull());
  }

  @Test
  void the_time_of_making_is_kept_to_the_millisecond_as_rows_keep_it() {
    Instant told = Instant.parse("2026-06-30T12:00:00.123999Z");
    assertEquals(
        Instant.parse("2026-06-30T12:00:00.123Z"),
        listing().createdAt(told).build().createdAt().orElseThrow());
  }

  @Test
  void a_status_is_a_word_and_an_id_is_of_the_records_brokerage() {
    assertEquals("Closed", listing().status("Closed").build().statusOrNull());
    assertThrows(VestaException.class, () -> listing().status("Closed' or 1=1"));
    MemberId foreign = new MemberId(new BrokerageId("other"), "m1");
    assertThrows(VestaException.class, () -> listing().owner(foreign));
  }
}
