/** The interpreters of the policy: decisions on records, filters on rows, and why. */
@NullMarked
package io.vesta.rbac.decide;

import org.jspecify.annotations.NullMarked;
