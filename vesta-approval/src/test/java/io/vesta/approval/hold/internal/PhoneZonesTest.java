package io.vesta.approval.hold.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhoneZonesTest {

  private final PhoneZones zones = new PhoneZones();

  @Test
  void a_number_tells_its_zone() {
    assertEquals(Set.of(ZoneId.of("America/New_York")), zones.of("+12125550101"));
    assertEquals(Set.of(ZoneId.of("Pacific/Honolulu")), zones.of("+18085550101"));
    assertEquals(Set.of(ZoneId.of("America/Los_Angeles")), zones.of("+14155550101"));
  }

  @Test
  void a_number_of_several_zones_tells_them_all() {
    assertTrue(zones.of("+18505550101").size() >= 1);
    assertTrue(
        zones.of("+18005550101").isEmpty() || zones.of("+18005550101").size() > 4,
        "a toll-free number may be anywhere");
  }

  @Test
  void a_number_of_no_country_tells_nothing() {
    assertEquals(Set.of(), zones.of("+9990000000"));
    assertEquals(Set.of(), zones.of("no number"));
  }
}
