/** Where exemptions are kept and applied; not for hosts. */
@NullMarked
package io.vesta.approval.exempt.internal;

import org.jspecify.annotations.NullMarked;
