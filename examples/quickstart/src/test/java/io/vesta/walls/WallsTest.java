package io.vesta.walls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WallsTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.vesta");

  /** Each rule with the deliberate break that it must see. */
  private static final Map<String, List<String>> BREAKS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(
                  "A_FEATURE_DEPENDS_ON_THE_KERNEL_ALONE",
                  List.of("io.vesta.rbac.broken.UsesAudit")),
              Map.entry(
                  "THE_KERNEL_DEPENDS_ON_NO_FEATURE", List.of("io.vesta.core.broken.UsesAudit")),
              Map.entry(
                  "INTERNAL_PACKAGES_BELONG_TO_THEIR_ARTIFACT",
                  List.of("io.vesta.rbac.broken.UsesInternal")),
              Map.entry("GUICE_STAYS_IN_ITS_ROOMS", List.of("io.vesta.rbac.broken.UsesGuice")),
              Map.entry(
                  "PUBLIC_SIGNATURES_SHOW_NO_HIDDEN_LIBRARY",
                  List.of("io.vesta.rbac.broken.ShowsJackson")),
              Map.entry(
                  "PACKAGES_OF_A_MODULE_HAVE_NO_CYCLE",
                  List.of("io.vesta.rbac.brokena.Hen", "io.vesta.rbac.brokenb.Egg")),
              Map.entry(
                  "PORTS_AND_SPIS_NEED_ONLY_THE_PLATFORM",
                  List.of("io.vesta.core.plugin.UsesJdbi")),
              Map.entry(
                  "THE_VERIFIER_NEEDS_ONLY_THE_PLATFORM",
                  List.of("io.vesta.audit.tree.broken.UsesKernel")),
              Map.entry(
                  "TIME_THREADS_AND_RANDOMNESS_ARE_INJECTED",
                  List.of("io.vesta.rbac.broken.AsksTheTime")),
              Map.entry("NOTHING_PRINTS", List.of("io.vesta.rbac.broken.Prints")),
              Map.entry("STATIC_FIELDS_ARE_CONSTANTS", List.of("io.vesta.rbac.broken.Counts")),
              Map.entry("PACKAGES_ARE_NULL_MARKED", List.of("io.vesta.rbac.broken.Prints")),
              Map.entry(
                  "EXCEPTIONS_HAVE_ONE_ROOT", List.of("io.vesta.rbac.broken.StrangeException")),
              Map.entry(
                  "SERVICE_LOADING_NAMES_ITS_CLASS_LOADER",
                  List.of("io.vesta.rbac.broken.LoadsBlindly")),
              Map.entry("MODULES_ARE_OURS_AND_FINAL", List.of("io.vesta.rbac.broken.UsesGuice")),
              Map.entry(
                  "IDENTITY_KNOWS_NO_PASSWORD", List.of("io.vesta.identity.broken.TakesPassword")),
              Map.entry(
                  "NOTHING_BUT_THE_GATE_SENDS",
                  List.of("io.vesta.approval.broken.SendsByItself"))));

  private static Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new TreeMap<>();
    Arrays.stream(Walls.class.getDeclaredFields())
        .filter(field -> ArchRule.class.isAssignableFrom(field.getType()))
        .forEach(
            field ->
                rules.put(field.getName(), assertDoesNotThrow(() -> (ArchRule) field.get(null))));
    return rules;
  }

  static Stream<Arguments> namedRules() {
    return rules().entrySet().stream().map(rule -> Arguments.of(rule.getKey(), rule.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("namedRules")
  void the_house_keeps(String name, ArchRule rule) {
    rule.allowEmptyShould(true).check(HOUSE);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("namedRules")
  void a_deliberate_break_is_seen_by(String name, ArchRule rule) throws Exception {
    List<Class<?>> broken = new ArrayList<>();
    for (String type : BREAKS.getOrDefault(name, List.of())) {
      broken.add(Class.forName(type, false, getClass().getClassLoader()));
    }
    assertFalse(broken.isEmpty(), () -> name + " has no deliberate break");
    JavaClasses classes = new ClassFileImporter().importClasses(broken);
    assertTrue(rule.evaluate(classes).hasViolation(), () -> name + " sees nothing");
  }

  @Test
  void the_rules_look_at_every_artifact() {
    for (String artifact :
        List.of("core", "rbac", "audit", "approval", "proof", "llm", "identity", "testkit")) {
      long count =
          HOUSE.stream()
              .filter(type -> type.getPackageName().startsWith("io.vesta." + artifact))
              .count();
      assertTrue(count >= 5, () -> "only " + count + " classes of " + artifact + " were seen");
    }
    assertTrue(HOUSE.size() >= 200, () -> "only " + HOUSE.size() + " classes were seen");
  }
}
