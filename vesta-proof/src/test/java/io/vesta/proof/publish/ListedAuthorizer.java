package io.vesta.proof.publish;

import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.access.RowFilter;
import java.util.Set;

/**
 * Lets the listed actors decide about and publish the proof claims of their own brokerage, and
 * nothing else.
 */
public record ListedAuthorizer(Set<Actor> publishers) implements Authorizer {

  @Override
  public Decision decide(Actor actor, Action action, Resource resource) {
    boolean allowed =
        publishers.contains(actor)
            && (action.equals(Action.PUBLISH) || action.equals(Action.DECIDE))
            && resource.type().equals(ResourceType.PROOF_CLAIM)
            && resource.brokerage().equals(actor.brokerage());
    return new Answer(allowed);
  }

  @Override
  public RowFilter filter(Actor actor, Action action, ResourceColumns columns) {
    return new RowFilter.None("test");
  }

  private record Answer(boolean allowed) implements Decision {

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
  }
}
