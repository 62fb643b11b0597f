package io.vesta.approval.draft;

import io.vesta.core.access.Resource;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.ContactId;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.EntityId;
import io.vesta.core.id.MemberId;
import io.vesta.core.id.OfficeId;
import io.vesta.core.id.TeamId;
import io.vesta.core.id.ThreadId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom and what a draft concerns: what the authorizer decides on, and what the host finds it by.
 *
 * @param owner the member in whose name it leaves
 * @param team the team to which the work belongs; null if none
 * @param office the office; null if none
 * @param contact to whom; null if it is nobody's contact
 * @param thread the conversation; null if it begins one
 */
public record Attribution(
    MemberId owner,
    @Nullable TeamId team,
    @Nullable OfficeId office,
    @Nullable ContactId contact,
    @Nullable ThreadId thread) {

  /** Checks that all ids are of the owner's brokerage. */
  public Attribution {
    Objects.requireNonNull(owner, "owner");
    for (EntityId id : new @Nullable EntityId[] {team, office, contact, thread}) {
      if (id != null && !id.brokerage().equals(owner.brokerage())) {
        throw VestaException.invalid(
            "attribution", "an id of another brokerage than the owner's", "use one brokerage");
      }
    }
  }

  /** Only the owner. */
  public static Attribution of(MemberId owner) {
    return new Attribution(owner, null, null, null, null);
  }

  /** The draft as the authorizer sees it. */
  public Resource resource(DraftId draft, Instant createdAt, boolean routed) {
    return Resource.builder(ResourceType.DRAFT, draft.brokerage(), draft.key())
        .owner(owner)
        .team(team)
        .office(office)
        .ownership(team == null ? Resource.Ownership.AGENT : Resource.Ownership.TEAM)
        .routedToReview(routed)
        .createdAt(createdAt)
        .build();
  }
}
