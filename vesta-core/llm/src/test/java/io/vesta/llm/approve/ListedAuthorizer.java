package io.vesta.llm.approve;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import java.util.Set;

/** Lets the listed actors propose and approve, and nobody else. */
public record ListedAuthorizer(Set<Actor> listed) implements Authorizer {

  @Override
  public Decision decide(Actor actor, Action action, Resource resource) {
    boolean allowed = listed.contains(actor) && resource.type().name().equals("LlmConfig");
    return new Decision() {
      @Override
      public boolean allowed() {
        return allowed;
      }

      @Override
      public String reason() {
        return allowed ? "LISTED" : "NO_GRANT";
      }

      @Override
      public String policyVersion() {
        return "test";
      }

      @Override
      public String because() {
        return "the list says so";
      }
    };
  }

  @Override
  public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
    return new RowFilter.None("test");
  }
}
