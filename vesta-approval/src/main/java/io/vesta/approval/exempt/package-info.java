/** Rules under which a draft needs no person: {@link io.vesta.approval.exempt.Exemptions}. */
@NullMarked
package io.vesta.approval.exempt;

import org.jspecify.annotations.NullMarked;
