package io.vesta.proof.cells;

import org.jspecify.annotations.Nullable;

/** A row as its source knows it: values by the names of its columns. */
public interface SourceRow {

  /** A column as text; null if it is empty. */
  @Nullable String text(String column);

  /** A column as a whole number; null if it is empty. */
  @Nullable Long whole(String column);
}
