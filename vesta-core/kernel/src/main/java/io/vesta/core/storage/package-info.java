/**
 * Units of work over SQLite and PostgreSQL, joinable to a host's transaction, and schema
 * installation.
 */
@NullMarked
package io.vesta.core.storage;

import org.jspecify.annotations.NullMarked;
