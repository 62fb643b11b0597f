/** The store over SQLite and PostgreSQL; not for hosts. */
@NullMarked
package io.vesta.approval.store.internal;

import org.jspecify.annotations.NullMarked;
