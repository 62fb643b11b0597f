package io.vesta.approval.draft;

import io.vesta.approval.envelope.Channel;
import io.vesta.approval.state.DraftState;
import io.vesta.core.access.Resource;
import io.vesta.core.id.DraftId;
import io.vesta.core.id.MemberId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A draft as it stands. Whoever shows it to a person keeps its {@link #version} and the digest of
 * its envelope, and hands both back with the decision. Immutable.
 *
 * @param id which draft
 * @param version rises with every change
 * @param state where it stands
 * @param channel by which it would leave
 * @param attribution whom and what it concerns
 * @param terms under which terms it may leave
 * @param context what it was written from
 * @param content the newest revision; null while there is none
 * @param dispatch how far sending has come
 * @param assignee who looks after it; null for nobody in particular
 * @param reason why it stands where it does, as an upper-case word; empty if the state says it all
 * @param seal over all of it but {@link Dispatch#nextAt}: without it, nothing is done with the
 *     draft
 */
public record Draft(
    DraftId id,
    long version,
    DraftState state,
    Channel channel,
    Attribution attribution,
    Terms terms,
    DraftContext context,
    @Nullable Content content,
    Dispatch dispatch,
    @Nullable MemberId assignee,
    String reason,
    String seal) {

  /** Checks presence. */
  public Draft {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(attribution, "attribution");
    Objects.requireNonNull(terms, "terms");
    Objects.requireNonNull(context, "context");
    Objects.requireNonNull(dispatch, "dispatch");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(seal, "seal");
  }

  /** The same draft under a seal. */
  public Draft sealed(String newSeal) {
    return new Draft(
        id,
        version,
        state,
        channel,
        attribution,
        terms,
        context,
        content,
        dispatch,
        assignee,
        reason,
        newSeal);
  }

  /** The newest revision; empty while there is none. */
  public Optional<Content> written() {
    return Optional.ofNullable(content);
  }

  /** As the authorizer sees it; never null. */
  public Resource resource() {
    return attribution.resource(id, terms.createdAt(), terms.routed());
  }

  /** State and version only. */
  @Override
  public String toString() {
    return "Draft[" + id.key() + ", " + state + ", version " + version + "]";
  }
}
