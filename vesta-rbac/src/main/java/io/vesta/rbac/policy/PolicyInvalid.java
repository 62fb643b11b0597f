package io.vesta.rbac.policy;

import io.vesta.core.error.VestaException;
import io.vesta.rbac.RbacError;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** A policy that cannot be loaded, with every fault at once. */
public final class PolicyInvalid extends VestaException {

  private static final long serialVersionUID = 1L;

  /**
   * One fault.
   *
   * @param pointer where, as a JSON pointer (RFC 6901); empty for the whole document
   * @param problem what is wrong and what would be right
   */
  public record Fault(String pointer, String problem) implements Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "\"" + pointer + "\" " + problem;
    }
  }

  /** An array, because it can be serialized whatever the list was. */
  private final Fault[] faults;

  PolicyInvalid(List<Fault> faults) {
    super(
        RbacError.POLICY_INVALID,
        faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = faults.toArray(Fault[]::new);
  }

  /** The faults in the order of the document; never empty. */
  public List<Fault> faults() {
    return List.of(faults);
  }
}
