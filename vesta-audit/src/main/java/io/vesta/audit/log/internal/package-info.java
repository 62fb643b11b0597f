/** How the log lies in its tables; not for hosts. */
@NullMarked
package io.vesta.audit.log.internal;

import org.jspecify.annotations.NullMarked;
