package io.vesta.proof.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.proof.brokerage.SampleData;
import io.vesta.proof.check.ProofChecker.Demand;
import io.vesta.proof.protect.DisclosurePolicy;
import io.vesta.proof.protect.Evidence;
import io.vesta.proof.protect.Protector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProofCheckerTest {

  private static final Evidence MARKET =
      new Protector(DisclosurePolicy.STANDARD)
          .protect(SampleData.market(), SampleData.sales())
          .evidence();

  private static List<String> faults(Grid grid, List<Witness> witnesses) {
    return ProofChecker.faults(grid, MARKET.demands(), witnesses);
  }

  private static List<Witness> replaced(int at, Witness witness) {
    List<Witness> witnesses = new ArrayList<>(MARKET.witnesses());
    witnesses.set(at, witness);
    return witnesses;
  }

  @Test
  void the_evidence_of_a_real_market_holds() {
    assertTrue(MARKET.demands().size() > 90, MARKET.toString());
    assertEquals(MARKET.demands().size(), MARKET.witnesses().size());
    assertEquals(List.of(), faults(MARKET.grid(), MARKET.witnesses()));
  }

  @Test
  void a_missing_witness_is_told() {
    for (int i = 0; i < MARKET.witnesses().size(); i++) {
      List<Witness> witnesses = new ArrayList<>(MARKET.witnesses());
      witnesses.remove(i);
      assertEquals(1, faults(MARKET.grid(), witnesses).size());
    }
  }

  @Test
  void every_altered_change_of_every_witness_is_told() {
    int altered = 0;
    for (int i = 0; i < MARKET.witnesses().size(); i++) {
      Witness witness = MARKET.witnesses().get(i);
      for (int cell : witness.changes().keySet()) {
        for (BigDecimal by : List.of(BigDecimal.ONE, new BigDecimal("-0.01"))) {
          Map<Integer, BigDecimal> changes = new TreeMap<>(witness.changes());
          changes.merge(cell, by, BigDecimal::add);
          assertFalse(
              faults(
                      MARKET.grid(),
                      replaced(
                          i,
                          new Witness(
                              witness.cell(), witness.quantity(), witness.level(), changes)))
                  .isEmpty());
          altered++;
        }
      }
    }
    assertTrue(altered > 500, "only " + altered);
  }

  @Test
  void a_witness_that_changes_what_is_shown_is_told() {
    for (Witness witness : MARKET.witnesses().subList(0, 10)) {
      for (int cell : witness.changes().keySet()) {
        BitSet shown = MARKET.grid().shown();
        shown.set(cell);
        Grid grid =
            new Grid(
                MARKET.grid().rows(),
                MARKET.grid().columns(),
                shown,
                MARKET.grid().negative(),
                MARKET.grid().values());
        assertFalse(faults(grid, MARKET.witnesses()).isEmpty());
      }
    }
  }

  @Test
  void a_level_below_the_demand_is_told() {
    Witness witness = MARKET.witnesses().get(0);
    BigDecimal less = witness.level().multiply(new BigDecimal("0.5"));
    Witness lower = new Witness(witness.cell(), witness.quantity(), less, witness.changes());
    assertEquals(1, faults(MARKET.grid(), replaced(0, lower)).size());
    Witness higher =
        new Witness(
            witness.cell(),
            witness.quantity(),
            witness.changes().get(witness.cell()).add(BigDecimal.ONE),
            witness.changes());
    assertEquals(1, faults(MARKET.grid(), replaced(0, higher)).size());
  }

  @Test
  void what_would_have_to_be_negative_is_no_witness() {
    BigDecimal one = BigDecimal.ONE;
    BigDecimal less = one.negate();
    Grid grid =
        new Grid(
            3,
            3,
            new BitSet(),
            new BitSet(),
            List.of(List.of(one, one, n(2), one, n(0), one, n(2), one, n(3))));
    Demand demand = new Demand(0, 0, one);
    Map<Integer, BigDecimal> square = Map.of(0, one, 1, less, 3, less, 4, one);
    assertEquals(
        List.of(),
        ProofChecker.faults(grid, List.of(demand), List.of(new Witness(0, 0, one, square))));
    Map<Integer, BigDecimal> twice = Map.of(0, n(2), 1, n(-2), 3, n(-2), 4, n(2));
    assertEquals(
        1,
        ProofChecker.faults(grid, List.of(demand), List.of(new Witness(0, 0, one, twice))).size());
  }

  private static BigDecimal n(int value) {
    return BigDecimal.valueOf(value);
  }

  private static Map<Integer, BigInteger> figure(int... coefficients) {
    Map<Integer, BigInteger> figure = new TreeMap<>();
    for (int i = 0; i < coefficients.length; i++) {
      if (coefficients[i] != 0) {
        figure.put(i, BigInteger.valueOf(coefficients[i]));
      }
    }
    return figure;
  }

  private static Certificate certificate(int factor, int... times) {
    List<Certificate.Term> terms = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      terms.add(new Certificate.Term(i, BigInteger.valueOf(times[i])));
    }
    return new Certificate(BigInteger.valueOf(factor), terms);
  }

  @Test
  void a_certificate_holds_only_if_it_adds_up() {
    List<Map<Integer, BigInteger>> published =
        List.of(figure(1, 1, 1), figure(1, 1, 0), figure(0, 2, 0));
    assertTrue(ProofChecker.follows(figure(0, 0, 1), published, certificate(1, 1, -1)));
    assertTrue(ProofChecker.follows(figure(1, 0, 0), published, certificate(2, 0, 2, -1)));
    assertFalse(ProofChecker.follows(figure(1, 0, 0), published, certificate(1, 0, 2, -1)));
    assertFalse(ProofChecker.follows(figure(1, 0, 0), published, certificate(0, 0, 0, 0)));
    assertFalse(ProofChecker.follows(figure(0, 1, 1), published, certificate(1, 1, -1)));
  }
}
