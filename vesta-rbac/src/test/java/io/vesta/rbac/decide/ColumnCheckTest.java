package io.vesta.rbac.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.error.VestaException;
import io.vesta.testkit.Engine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColumnCheckTest {

  private static List<String> faults(Engine engine, String... statements) {
    World world = World.on(engine);
    return world
        .database()
        .write(
            work -> {
              for (String statement : statements) {
                work.handle().execute(statement);
              }
              return ColumnCheck.faults(work, "showing", World.COLUMNS);
            });
  }

  private static String table(String owner, String linked) {
    return "create table showing (brokerage_key text, owner_key "
        + owner
        + ", team_key text, office_key text, list_agent_key text, buyer_agent_key text,"
        + " ownership text, linked "
        + linked
        + ", created_at bigint, routed integer, barred integer, status varchar(64))";
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_table_that_compares_exactly_has_no_fault(Engine engine) {
    assertEquals(List.of(), faults(engine));
  }

  @Test
  void a_column_that_ignores_case_is_found_on_sqlite() {
    List<String> found =
        faults(Engine.SQLITE, "drop table showing", table("text collate nocase", "integer"));
    assertEquals(
        "column owner_key takes different keys for equal; give it an exact collation",
        found.get(1));
  }

  @Test
  void a_column_that_ignores_blanks_or_case_is_found_on_postgresql() {
    assertEquals(
        List.of("column owner_key is of type bpchar; make it text"),
        faults(Engine.POSTGRESQL, "drop table showing", table("char(20)", "integer")));
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void a_missing_column_and_one_of_another_type_are_found(Engine engine) {
    assertEquals(
        List.of("column status does not exist", "column linked is of type text; make it bigint"),
        faults(
            engine,
            "drop table showing",
            table("text", "text").replace(", status varchar(64)", "")));
  }

  @Test
  void a_table_name_is_a_plain_identifier() {
    World world = World.on(Engine.SQLITE);
    assertThrows(
        VestaException.class,
        () ->
            world
                .database()
                .read(work -> ColumnCheck.faults(work, "showing; drop", World.COLUMNS)));
  }
}
