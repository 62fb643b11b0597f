package io.vesta.identity.account;

import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.Set;

/**
 * What a host may show of a connected account; there is no token in it.
 *
 * @param id its id
 * @param owner who connected it
 * @param provider the provider's id
 * @param scopes what may be used of it
 * @param state what is known of the grant
 * @param connectedAt when it was connected
 */
public record ConnectedAccount(
    AccountId id,
    MemberId owner,
    String provider,
    Set<String> scopes,
    AccountState state,
    Instant connectedAt) {

  static ConnectedAccount of(StoredAccount account) {
    return new ConnectedAccount(
        account.id(),
        account.owner(),
        account.provider(),
        account.scopes(),
        account.state(),
        account.connectedAt());
  }
}
