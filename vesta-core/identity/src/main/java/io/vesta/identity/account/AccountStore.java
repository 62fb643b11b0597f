package io.vesta.identity.account;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import java.util.List;
import java.util.Optional;

/**
 * SPI: keeps connected accounts. The built-in one is on SQLite and PostgreSQL; an own one passes
 * {@code AccountStoreContract}.
 *
 * <p><b>Contract.</b> Thread-safe and without state of its own. Everything happens in the given
 * unit of work: durable when it commits, gone when it rolls back; the store neither commits nor
 * rolls back. Times are kept to the millisecond. Whatever was stored is read back equal. A store
 * decides nothing. Failures of the database are {@link io.vesta.core.error.VestaException}s.
 */
public interface AccountStore {

  /**
   * Keeps a new account.
   *
   * @throws io.vesta.core.error.VestaException if there is one of its id already
   */
  void add(UnitOfWork work, StoredAccount account);

  /** The account of an id; empty if there is none. */
  Optional<StoredAccount> find(UnitOfWork work, AccountId id);

  /**
   * Puts {@code after} in the place of {@code before} if that is still stored, by version. Of two
   * units of work that replace the same version, exactly one gets true, and the other either false
   * or an exception.
   *
   * @return whether it was replaced; if not, nothing was
   */
  boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after);

  /** The accounts of a member in any state, oldest first. */
  List<StoredAccount> ofMember(UnitOfWork work, MemberId owner);

  /**
   * Accounts of every brokerage whose tokens are sealed by another key than the given one.
   *
   * @param most at most so many
   */
  List<StoredAccount> notUnder(UnitOfWork work, String keyId, int most);

  /** How many accounts have tokens that a key sealed. */
  long sealedUnder(UnitOfWork work, String keyId);

  /** How many accounts of a brokerage were connected by anything but OAuth; zero, always. */
  long notByOauth(UnitOfWork work, BrokerageId brokerage);
}
