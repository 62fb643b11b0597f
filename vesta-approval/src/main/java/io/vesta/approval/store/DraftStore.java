package io.vesta.approval.store;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.state.DraftState;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.storage.Schema;
import io.vesta.core.storage.UnitOfWork;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SPI: keeps drafts, their revisions and their approvals. The built-in one is on SQLite and
 * PostgreSQL; an own one passes {@code DraftStoreContract}.
 *
 * <p><b>Contract.</b> Thread-safe and without state of its own. Everything happens in the given
 * unit of work: durable when it commits, gone when it rolls back; the store neither commits nor
 * rolls back. Times are kept to the millisecond. Whatever was stored is read back equal, byte for
 * byte. A store decides nothing: what may follow what is decided before it is called. Failures of
 * the database are {@link io.vesta.core.error.VestaException}s, and then nothing of the call may
 * remain once the unit of work is rolled back.
 */
public interface DraftStore {

  /** The tables of the built-in store. */
  static Schema schema() {
    return new Schema(
        "approval",
        DraftStore.class,
        List.of("V1__approval.sql", "V2__hold.sql", "V3__exceptions.sql"));
  }

  /**
   * Keeps a new draft without content.
   *
   * @throws io.vesta.core.error.VestaException if there is one of its id already
   */
  void add(UnitOfWork work, Draft draft);

  /**
   * The draft of an id; empty if there is none.
   *
   * @throws io.vesta.core.error.VestaException with code {@code VESTA-APPROVAL-001} if its row
   *     cannot be what was stored
   */
  Optional<Draft> find(UnitOfWork work, DraftId id);

  /**
   * Makes a change if the stored draft is still {@link Change#before}, by version and state. Of two
   * units of work that change the same version, exactly one gets true, and the other either false
   * or an exception.
   *
   * @return whether it was made; if not, nothing was
   */
  boolean apply(UnitOfWork work, Change change);

  /**
   * The approvals of a draft that are not revoked, oldest first.
   *
   * @throws io.vesta.core.error.VestaException as {@link #find}
   */
  List<Approval> approvals(UnitOfWork work, DraftId id);

  /** Keeps a waiver; waivers are never changed or taken back, and hold for what they name only. */
  void waive(UnitOfWork work, Waiver waiver);

  /**
   * The waivers of a draft, oldest first.
   *
   * @throws io.vesta.core.error.VestaException as {@link #find}
   */
  List<Waiver> waivers(UnitOfWork work, DraftId id);

  /** The draft that is sent under a key; empty if the brokerage has none. */
  Optional<DraftId> keyed(UnitOfWork work, BrokerageId brokerage, String key);

  /**
   * How many drafts that a filter lets through are in each state, and since when the oldest of them
   * is there; states without any are absent.
   *
   * @param filter made from {@link #columns}
   */
  Map<DraftState, Waiting> waiting(
      UnitOfWork work, BrokerageId brokerage, RowFilter filter, Set<DraftState> states);

  /**
   * How many wait.
   *
   * @param count how many, 1 or more
   * @param oldest when the oldest of them was asked for
   */
  record Waiting(long count, Instant oldest) {}

  /** Every revision of a draft, oldest first. */
  List<Content> revisions(UnitOfWork work, DraftId id);

  /**
   * The drafts that a filter lets through, the most urgent first: greater priority, then earlier
   * expiry, then id. A row that cannot be read is left out, so that it does not hide the others;
   * only {@link #find} tells of it. The page is empty only if no readable one follows.
   *
   * @param filter made from {@link #columns}
   * @param query which of them
   */
  List<Draft> page(UnitOfWork work, BrokerageId brokerage, RowFilter filter, DraftQuery query);

  /** Where the rows that {@link #page} reads keep what an authorizer looks at. */
  ResourceColumns columns();

  /**
   * Drafts that are to be sent at a time, the longest due first, taken so that no other unit of
   * work takes the same ones while this one is open.
   *
   * @param most at most so many
   */
  List<DraftId> takeDue(UnitOfWork work, Instant now, int most);

  /**
   * Drafts for which time has run out, in any order, taken like {@link #takeDue}: written or sent
   * for too long, expired, or unknown and due to be asked about.
   *
   * @param most at most so many
   */
  List<DraftId> takeOverdue(UnitOfWork work, Instant now, int most);

  /**
   * Changes when a draft is due, and nothing else of it; does nothing if it is not due at any time.
   *
   * @param at when; null for never
   */
  void reschedule(UnitOfWork work, DraftId id, @Nullable Instant at);

  /**
   * Leaves a draft out of {@link #takeDue} and {@link #takeOverdue} until a time or its next
   * change, whatever else its row says: so one that cannot be read or judged does not keep the
   * others waiting. Works for rows that cannot be read, too.
   */
  void putOff(UnitOfWork work, DraftId id, Instant until);
}
