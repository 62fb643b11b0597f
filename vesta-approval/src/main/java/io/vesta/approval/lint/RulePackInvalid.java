package io.vesta.approval.lint;

import io.vesta.approval.ApprovalError;
import io.vesta.core.error.VestaException;
import java.util.List;

/** A rule pack that cannot be loaded, with every fault at once. */
public final class RulePackInvalid extends VestaException {

  private static final long serialVersionUID = 1L;

  /** An array, because it can be serialized whatever the list was. */
  private final String[] faults;

  RulePackInvalid(List<String> faults) {
    super(ApprovalError.RULE_PACK_INVALID, String.join("; ", faults));
    this.faults = faults.toArray(String[]::new);
  }

  /** One sentence each, beginning with a JSON pointer (RFC 6901); never empty. */
  public List<String> faults() {
    return List.of(faults);
  }
}
