package io.vesta.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.Vesta;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.core.storage.Database;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VestaConfigTest {

  enum Level {
    LOW,
    HIGH
  }

  record Inner(@NotNull URI place) {}

  record Sample(
      @NotNull String name,
      @Min(1) @Max(10) int items,
      Duration patience,
      Level level,
      Path file,
      Secret key,
      List<String> hosts,
      @Valid Inner inner) {

    Sample {
      patience = patience == null ? Duration.ofMinutes(5) : patience;
    }
  }

  @TempDir Path directory;

  private VestaConfig config(Map<String, String> properties) {
    return VestaConfig.builder(Database.sqlite(directory.resolve("x.db")))
        .properties(properties)
        .build();
  }

  @Test
  void properties_become_a_typed_record_with_its_own_defaults() {
    Sample sample =
        config(
                Map.of(
                    "vesta.sample.name", "n",
                    "vesta.sample.items", "3",
                    "vesta.sample.level", "HIGH",
                    "vesta.sample.file", "/tmp/x",
                    "vesta.sample.key", "hunter2",
                    "vesta.sample.hosts.1", "a",
                    "vesta.sample.hosts.2", "b",
                    "vesta.sample.inner.place", "https://example.org/",
                    "unrelated", "ignored"))
            .bind("vesta.sample", Sample.class);
    assertEquals(Duration.ofMinutes(5), sample.patience());
    assertEquals(Level.HIGH, sample.level());
    assertEquals(List.of("a", "b"), sample.hosts());
    assertEquals(Secret.of("hunter2"), sample.key());
    assertEquals(URI.create("https://example.org/"), sample.inner().place());
    assertEquals(Path.of("/tmp/x"), sample.file());
  }

  @Test
  void every_fault_is_told_at_once_with_its_key_and_without_its_value() {
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () ->
                config(
                        Map.of(
                            "vesta.sample.items", "hunter2",
                            "vesta.sample.patience", "hunter2",
                            "vesta.sample.level", "hunter2",
                            "vesta.sample.key.deeper", "hunter2",
                            "vesta.sample.colour", "hunter2",
                            "vesta.sample.inner.shape", "hunter2"))
                    .bind("vesta.sample", Sample.class));
    for (String key :
        List.of(
            "name", "items", "patience", "level", "key", "colour", "inner.shape", "inner.place")) {
      assertTrue(
          refused.faults().stream()
              .anyMatch(fault -> fault.startsWith("vesta.sample." + key + " ")),
          () -> key + " is not named in " + refused.faults());
    }
    assertFalse(refused.getMessage().contains("hunter2"));
  }

  @Test
  void a_value_out_of_range_is_told_with_the_range() {
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () ->
                config(Map.of("vesta.sample.items", "11", "vesta.sample.name", "n"))
                    .bind("vesta.sample", Sample.class));
    assertEquals(List.of("vesta.sample.items must be less than or equal to 10"), refused.faults());
  }

  @Test
  void a_key_that_nothing_claims_is_refused_at_start() {
    ConfigurationException refused =
        assertThrows(
            ConfigurationException.class,
            () -> Vesta.create(config(Map.of("vesta.smaple.name", "n"))));
    assertEquals(List.of("vesta.smaple.name is not a known key"), refused.faults());
  }

  @Test
  void a_configuration_prints_keys_and_no_values() {
    String shown = config(Map.of("vesta.sample.key", "hunter2")).toString();
    assertEquals("VestaConfig[vesta.sample.key]", shown);
  }

  @Test
  void a_missing_secret_is_named() {
    VestaException refused =
        assertThrows(VestaException.class, () -> config(Map.of()).secret("audit-key"));
    assertTrue(refused.getMessage().contains("audit-key"));
  }

  @Test
  void ids_are_version_7_of_the_given_clock_and_randomness_and_ascend() {
    Instant now = Instant.parse("2026-06-30T12:00:00Z");
    VestaConfig config =
        VestaConfig.builder(Database.sqlite(directory.resolve("x.db")))
            .clock(Clock.fixed(now, ZoneOffset.UTC))
            .random(new Random(7))
            .build();
    UUID first = config.newId();
    UUID second = config.newId();
    assertEquals(7, first.version());
    assertEquals(now.toEpochMilli(), first.getMostSignificantBits() >>> 16);
    assertTrue(first.toString().compareTo(second.toString()) < 0);
  }
}
