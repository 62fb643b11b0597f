package io.vesta.approval.store;

import io.vesta.approval.state.DraftState;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.DraftId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which drafts of a page.
 *
 * @param states in one of these states; not empty
 * @param after the last draft of the page before; null for the first page
 * @param limit at most so many, 1 to 500
 */
public record DraftQuery(Set<DraftState> states, @Nullable DraftId after, int limit) {

  private static final int MOST = 500;

  /** What waits for a person. */
  public static final Set<DraftState> OPEN =
      Set.of(DraftState.PENDING, DraftState.STALE, DraftState.UNKNOWN);

  /** Checks ranges and copies. */
  public DraftQuery {
    states = Set.copyOf(states);
    if (states.isEmpty()) {
      throw VestaException.invalid("states", "empty", "name at least one");
    }
    if (limit < 1 || limit > MOST) {
      throw VestaException.invalid("limit", Integer.toString(limit), "use 1 to " + MOST);
    }
  }

  /** The first page of what waits for a person. */
  public static DraftQuery open(int limit) {
    return new DraftQuery(OPEN, null, limit);
  }
}
