package io.vesta.core.access;

import java.util.List;
import java.util.Objects;

/**
 * A list filter: the rows that a decision on each would allow, as a condition that the database
 * evaluates. Put {@link #sql()} in parentheses-safe position ({@code ... where <own condition> and
 * <filter>}) and bind {@link #binds()} in order; paging, counting and search then see the same rows
 * as single reads. Every filter names the tenant, also {@link All}.
 */
public sealed interface RowFilter {

  /** A condition with one {@code ?} per bind, safe to combine with {@code and}; never null. */
  String sql();

  /** The values of the {@code ?}s in order: strings and longs; never null, unmodifiable. */
  List<Object> binds();

  /** The version of the policy and organisation that the filter was made from; never null. */
  String policyVersion();

  /**
   * Every row of the tenant.
   *
   * @param sql the tenant condition
   * @param binds the tenant key
   * @param policyVersion what it was made from
   */
  record All(String sql, List<Object> binds, String policyVersion) implements RowFilter {

    /** Copies the binds. */
    public All {
      Objects.requireNonNull(sql, "sql");
      Objects.requireNonNull(policyVersion, "policyVersion");
      binds = List.copyOf(binds);
    }
  }

  /**
   * No row; a caller may skip the query.
   *
   * @param policyVersion what it was made from
   */
  record None(String policyVersion) implements RowFilter {

    /** Checks the version. */
    public None {
      Objects.requireNonNull(policyVersion, "policyVersion");
    }

    @Override
    public String sql() {
      return "1 = 0";
    }

    @Override
    public List<Object> binds() {
      return List.of();
    }
  }

  /**
   * The rows of the tenant that meet a condition.
   *
   * @param sql the tenant condition and the policy's, in parentheses
   * @param binds the values in order
   * @param policyVersion what it was made from
   */
  record Where(String sql, List<Object> binds, String policyVersion) implements RowFilter {

    /** Copies the binds. */
    public Where {
      Objects.requireNonNull(sql, "sql");
      Objects.requireNonNull(policyVersion, "policyVersion");
      binds = List.copyOf(binds);
    }
  }
}
