package io.vesta.identity.testkit;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.MemberId;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.identity.account.AccountId;
import io.vesta.identity.account.AccountStore;
import io.vesta.identity.account.StoredAccount;
import io.vesta.identity.account.internal.JdbcAccountStore;
import java.util.List;
import java.util.Optional;

/** Does everything right but what a test breaks. */
public class DelegatingStore implements AccountStore {
  protected final AccountStore real = new JdbcAccountStore();

  @Override
  public void add(UnitOfWork work, StoredAccount account) {
    real.add(work, account);
  }

  @Override
  public Optional<StoredAccount> find(UnitOfWork work, AccountId id) {
    return real.find(work, id);
  }

  @Override
  public boolean replace(UnitOfWork work, StoredAccount before, StoredAccount after) {
    return real.replace(work, before, after);
  }

  @Override
  public List<StoredAccount> ofMember(UnitOfWork work, MemberId owner) {
    return real.ofMember(work, owner);
  }

  @Override
  public List<StoredAccount> notUnder(UnitOfWork work, String keyId, int most) {
    return real.notUnder(work, keyId, most);
  }

  @Override
  public long sealedUnder(UnitOfWork work, String keyId) {
    return real.sealedUnder(work, keyId);
  }

  @Override
  public long notByOauth(UnitOfWork work, BrokerageId brokerage) {
    return real.notByOauth(work, brokerage);
  }
}
