package io.vesta.approval.review;

import io.vesta.core.id.DraftId;
import java.util.Objects;
import java.util.Set;

/** One decision of several: each names its draft and what was seen of it. */
public sealed interface Choice {

  /** Which draft. */
  DraftId id();

  /**
   * An approval, as {@link ReviewDesk#approve}.
   *
   * @param id which draft
   * @param seen what the person had before their eyes
   * @param acknowledged the lint rules whose findings the person took note of
   */
  record Approve(DraftId id, Seen seen, Set<String> acknowledged) implements Choice {
    /** Copies. */
    public Approve {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(seen, "seen");
      acknowledged = Set.copyOf(acknowledged);
    }
  }

  /**
   * A decision against it, as {@link ReviewDesk#skip}.
   *
   * @param id which draft
   * @param seen what the person had before their eyes
   * @param reason why
   */
  record Skip(DraftId id, Seen seen, SkipReason reason) implements Choice {
    /** Checks presence. */
    public Skip {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(seen, "seen");
      Objects.requireNonNull(reason, "reason");
    }
  }
}
