/** Accounts that members connected, and the use of their tokens. */
@NullMarked
package io.vesta.identity.account;

import org.jspecify.annotations.NullMarked;
