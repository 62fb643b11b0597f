package io.vesta.examples.quickstart.reso;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.error.VestaException;
import io.vesta.examples.quickstart.Quickstart;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerageDataTest {

  private static final LocalDate AS_OF = LocalDate.of(2026, 6, 30);

  private static BrokerageData shipped() {
    return BrokerageData.read(Quickstart.class, "brokerage", AS_OF);
  }

  private static String shippedText(String name) {
    try (InputStream in = Quickstart.class.getResourceAsStream("brokerage/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shipped brokerage with one file replaced. */
  private static BrokerageData with(String file, String text) {
    return BrokerageData.read(
        name -> new StringReader(name.equals(file) ? text : shippedText(name)), AS_OF);
  }

  @Test
  void every_row_is_imported_or_reported() {
    BrokerageData data = shipped();
    assertEquals(
        List.of(3, 40, 4, 30, 300, 600), data.files().stream().map(Imported::read).toList());
    assertEquals(List.of(0, 0, 0, 0, 0, 3), data.files().stream().map(Imported::rejected).toList());
  }

  @Test
  void the_three_planted_faults_are_reported_by_line_and_column() {
    List<RowFault> faults = shipped().listings().faults();
    assertEquals(
        List.of(
            "property.csv line 2, ClosePrice is zero; a closed sale has a price",
            "property.csv line 3, ClosePrice is missing; a closed sale has one",
            "property.csv line 4, CloseDate lies after the export of 2026-06-30;"
                + " a closed sale is in the past"),
        faults.stream().map(RowFault::toString).toList());
  }

  @Test
  void bad_rows_are_skipped_with_every_fault_and_good_ones_kept() {
    BrokerageData data =
        with(
            "team_members.csv",
            "TeamMemberKey,TeamKey,MemberKey,TeamMemberType,x_EffectiveFrom,x_EffectiveTo\n"
                + "A,T1,M05,Team Lead,2024-01-01,\n"
                + "A,T1,M06,Buyer Agent,2024-01-01,\n"
                + "B,T9,M99,,yesterday,2023-01-01\n"
                + "C,T1\n"
                + "D,T1,\"M07\",\"Buyer\nAgent\",2024-01-01,2025-01-01\n"
                + "E,T1,M08,Buyer Agent,2024-02-30,\n");
    Imported<BrokerageData.TeamMember> memberships = data.teamMembers();
    assertEquals(6, memberships.read());
    assertEquals(2, memberships.rows().size());
    assertEquals(
        List.of(
            "3 TeamMemberKey",
            "4 x_EffectiveFrom",
            "4 TeamKey",
            "4 MemberKey",
            "4 TeamMemberType",
            "5 TeamMemberKey",
            "8 x_EffectiveFrom"),
        memberships.faults().stream().map(fault -> fault.line() + " " + fault.column()).toList());
  }

  @Test
  void a_fault_does_not_repeat_the_value() {
    BrokerageData data =
        with(
            "offices.csv",
            "OfficeKey,OfficeName,OfficeBrokerKey,OfficeManagerKey\nann@example.org,n,b,m\n");
    RowFault fault = data.offices().faults().get(0);
    assertFalse(fault.toString().contains("ann"));
    assertTrue(fault.toString().contains("offices.csv line 2, OfficeKey"));
    assertEquals(40, data.members().rejected(), "members of an office that was not imported");
  }

  @Test
  void a_file_without_its_columns_is_refused_by_their_names() {
    VestaException refused =
        assertThrows(VestaException.class, () -> with("teams.csv", "TeamKey\nT1\n"));
    assertTrue(refused.getMessage().contains("TeamLeadKey"));
  }

  @Test
  void both_spellings_of_a_status_are_one_and_unknown_ones_are_kept() {
    assertEquals(
        new StandardStatus("Active Under Contract"), new StandardStatus("ActiveUnderContract"));
    assertEquals("Somewhere Else", new StandardStatus("Somewhere Else").value());
  }

  @Test
  void the_real_sales_are_all_read() {
    Imported<HomeSale> sales = HomeSale.read(Quickstart.class, "sales/ames.csv");
    assertEquals(2930, sales.read());
    assertEquals(List.of(), sales.faults());
    assertEquals(12, sales.rows().stream().map(HomeSale::listAgentKey).distinct().count());
  }
}
