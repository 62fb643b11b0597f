/** The policy as data: a closed algebra of roles, actions, scopes and guards, and its loader. */
@NullMarked
package io.vesta.rbac.policy;

import org.jspecify.annotations.NullMarked;
