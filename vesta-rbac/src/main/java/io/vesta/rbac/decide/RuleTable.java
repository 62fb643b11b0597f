package io.vesta.rbac.decide;

import io.vesta.core.access.Action;
import io.vesta.core.access.Capacity;
import io.vesta.core.access.ResourceType;
import io.vesta.rbac.decide.CompiledPolicy.Compiled;
import io.vesta.rbac.policy.Policy;
import io.vesta.rbac.policy.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of each role, type and action: one array, one hash for all three, at most half full, so
 * that ten thousand rules cost a decision what eight do. Filled once, then only read.
 */
final class RuleTable {

  private static final Compiled[] NONE = {};

  private record Key(Capacity role, ResourceType type, Action action) {

    int hash() {
      return RuleTable.hash(role, type, action);
    }
  }

  /** A filled place. */
  private static final class Cell {
    final String role;
    final String type;
    final String action;
    final Compiled[] rules;

    Cell(Key key, List<Compiled> rules) {
      role = key.role().role();
      type = key.type().name();
      action = key.action().name();
      this.rules = rules.toArray(Compiled[]::new);
    }
  }

  private final Cell[] cells;

  RuleTable(Policy policy) {
    Map<Key, List<Compiled>> rules = new LinkedHashMap<>();
    for (Rule rule : policy.rules()) {
      Compiled compiled = new Compiled(rule);
      for (Action action : rule.actions()) {
        Key key = new Key(rule.role(), rule.type(), action);
        rules.computeIfAbsent(key, one -> new ArrayList<>()).add(compiled);
      }
    }
    cells = new Cell[Integer.highestOneBit(Math.max(1, rules.size())) * 4];
    rules.forEach(
        (key, list) -> {
          int place = key.hash() & cells.length - 1;
          while (cells[place] != null) {
            place = place + 1 & cells.length - 1;
          }
          cells[place] = new Cell(key, list);
        });
  }

  /** The rules that speak of an act, in the order of the policy. */
  Compiled[] of(Capacity role, ResourceType type, Action action) {
    int place = hash(role, type, action) & cells.length - 1;
    while (true) {
      Cell cell = cells[place];
      if (cell == null) {
        return NONE;
      }
      if (cell.type.equals(type.name())
          && cell.role.equals(role.role())
          && cell.action.equals(action.name())) {
        return cell.rules;
      }
      place = place + 1 & cells.length - 1;
    }
  }

  private static int hash(Capacity role, ResourceType type, Action action) {
    int hash = type.name().hashCode();
    hash = hash * 31 + role.role().hashCode();
    hash = hash * 31 + action.name().hashCode();
    return CompiledOrg.spread(hash);
  }
}
