package io.vesta.proof.protect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.vesta.proof.protect.DisclosurePolicy.Dominance;
import io.vesta.proof.protect.ReleasedTable.Kind;
import io.vesta.proof.protect.Tally.Shares;
import io.vesta.proof.spec.Unit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class PrimaryRulesTest {

  private static final BigDecimal ONE = BigDecimal.ONE;

  private static Shares shares(String... amounts) {
    return Shares.of(Arrays.stream(amounts).map(BigDecimal::new).toList());
  }

  @Test
  void the_dominance_rules_agree_with_another_implementation() {
    JsonNode known = KnownAnswers.of("dominance_vectors");
    List<Dominance> rules = List.of(new Dominance(1, 80), new Dominance(2, 70));
    Set<String> sensitive = new TreeSet<>();
    known
        .get("groups")
        .properties()
        .forEach(
            group -> {
              List<BigDecimal> shares =
                  StreamSupport.stream(group.getValue().spliterator(), false)
                      .map(JsonNode::decimalValue)
                      .toList();
              if (PrimaryRules.dominated(Shares.of(shares), 0, rules)) {
                sensitive.add(group.getKey());
              }
            });
    Set<String> expected = new TreeSet<>();
    known.get("rule_1_80_or_2_70_sensitive").forEach(name -> expected.add(name.asText()));
    assertEquals(expected, sensitive);
    assertEquals(5, expected.size());
  }

  @Test
  void a_share_that_reaches_the_dominance_limit_is_unsafe() {
    assertTrue(PrimaryRules.dominated(shares("60", "30", "10"), 0, List.of(new Dominance(2, 90))));
    assertFalse(
        PrimaryRules.dominated(shares("60", "29.99", "10.01"), 0, List.of(new Dominance(2, 90))));
  }

  @Test
  void an_estimate_exactly_at_the_limit_is_safe() {
    assertFalse(PrimaryRules.dominated(shares("100", "50", "10"), 10, List.of()));
    assertTrue(PrimaryRules.dominated(shares("100", "50", "9.99"), 10, List.of()));
  }

  @Test
  void a_sum_of_zero_tells_every_contribution() {
    assertTrue(PrimaryRules.dominated(shares("0", "0", "0", "0"), 10, List.of()));
  }

  @Test
  void each_unit_has_its_own_minimum() {
    // Nine deals of nine clients, but two brokers.
    Tally tally = new Tally(1, 3);
    for (int i = 0; i < 9; i++) {
      tally.add(0, 1, ONE, List.of("d" + i, "c" + i, "b" + i % 2));
    }
    List<Unit> units = List.of(Unit.DEAL, Unit.CLIENT, Unit.BROKER);
    PrimaryRules rules = new PrimaryRules(DisclosurePolicy.STANDARD, units, List.of(Kind.COUNT));
    assertTrue(rules.unsafe(tally));
    tally.add(0, 1, ONE, List.of("d9", "c9", "b2"));
    assertFalse(rules.unsafe(tally), "three brokers now");
  }

  @Test
  void one_client_with_many_deals_is_one_client() {
    Tally tally = new Tally(1, 3);
    for (int i = 0; i < 20; i++) {
      tally.add(0, 1, ONE, List.of("d" + i, "c" + i % 4, "b" + i));
    }
    List<Unit> units = List.of(Unit.DEAL, Unit.CLIENT, Unit.BROKER);
    PrimaryRules rules = new PrimaryRules(DisclosurePolicy.STANDARD, units, List.of(Kind.COUNT));
    assertTrue(rules.unsafe(tally));
  }

  @Test
  void one_unsafe_measure_makes_the_place_unsafe() {
    // Ten deals are enough for the count, but one of them has nearly all the money.
    Tally tally = new Tally(2, 2);
    for (int i = 0; i < 10; i++) {
      List<String> who = List.of("d" + i, "b" + i);
      tally.add(0, 1, ONE, who);
      tally.add(1, 1, new BigDecimal(i == 0 ? "9000000" : "1000"), who);
    }
    List<Unit> units = List.of(Unit.DEAL, Unit.BROKER);
    assertTrue(
        new PrimaryRules(DisclosurePolicy.STANDARD, units, List.of(Kind.COUNT, Kind.SUM))
            .unsafe(tally));
    assertFalse(
        new PrimaryRules(DisclosurePolicy.STANDARD, units, List.of(Kind.COUNT, Kind.COUNT))
            .unsafe(tally),
        "without the amounts it is safe");
  }

  @Test
  void whoever_is_added_and_subtracted_does_not_count() {
    Tally tally = new Tally(1, 1);
    for (int i = 0; i < 6; i++) {
      tally.add(0, 1, ONE, List.of("d" + i));
    }
    tally.add(0, -1, ONE, List.of("d0"));
    assertEquals(5, tally.contributors(0, 0));
  }

  @Test
  void contributors_told_as_a_crowd_weigh_as_if_each_were_told() {
    Random random = new Random(5);
    List<Unit> units = List.of(Unit.DEAL, Unit.BROKER);
    List<Kind> kinds = List.of(Kind.COUNT, Kind.SUM);
    PrimaryRules rules = new PrimaryRules(DisclosurePolicy.STANDARD, units, kinds);
    int unsafe = 0;
    for (int n = 0; n < 300; n++) {
      Tally named = new Tally(2, 2);
      Tally crowd = new Tally(2, 2);
      // Two places that are added up, each with deals of its own and brokers of both.
      for (int place = 0; place < 2; place++) {
        List<BigDecimal> amounts = new ArrayList<>();
        for (int deal = random.nextInt(12); deal >= 0; deal--) {
          long cents = random.nextInt(random.nextBoolean() ? 900_000 : 9_000);
          BigDecimal amount = BigDecimal.valueOf(cents, 2);
          amounts.add(amount);
          String broker = "b" + random.nextInt(4);
          named.add(0, 1, ONE, List.of(place + "d" + deal, broker));
          named.add(1, 1, amount, List.of(place + "d" + deal, broker));
          crowd.addRows(0, 1, ONE);
          crowd.addRows(1, 1, amount);
          crowd.addContributor(0, 1, broker, 1, ONE);
          crowd.addContributor(1, 1, broker, 1, amount);
        }
        Shares shares = Shares.of(amounts);
        crowd.addOthers(0, 0, amounts.size(), BigDecimal.valueOf(amounts.size()), List.of());
        crowd.addOthers(1, 0, amounts.size(), shares.all(), shares.largest());
      }
      assertTrue(crowd.addsUp());
      assertTrue(crowd.sameRows(named));
      assertEquals(rules.unsafe(named), rules.unsafe(crowd));
      assertEquals(rules.rowsLevel(named, 0), rules.rowsLevel(crowd, 0));
      assertEquals(rules.amountLevel(named, 1, ONE), rules.amountLevel(crowd, 1, ONE));
      unsafe += rules.unsafe(named) ? 1 : 0;
    }
    assertTrue(30 < unsafe && unsafe < 270, "of both kinds: " + unsafe);
  }
}
