package io.vesta.rbac.org;

import io.vesta.core.error.VestaException;
import io.vesta.rbac.RbacError;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** Rows that make no organisation, with every fault at once. */
public final class OrganisationInvalid extends VestaException {

  private static final long serialVersionUID = 1L;

  /**
   * One fault.
   *
   * @param resource the RESO resource, such as {@code TeamMembers}
   * @param row the row's number among those of its resource, from 1
   * @param field the field's name
   * @param problem what is wrong and what would be right; never the value
   */
  public record Fault(String resource, int row, String field, String problem)
      implements Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return resource + " row " + row + ", " + field + " " + problem;
    }
  }

  /** An array, because it can be serialized whatever the list was. */
  private final Fault[] faults;

  OrganisationInvalid(List<Fault> faults) {
    super(
        RbacError.ORGANISATION_INVALID,
        faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = faults.toArray(Fault[]::new);
  }

  /** The faults in the order of the rows; never empty. */
  public List<Fault> faults() {
    return List.of(faults);
  }
}
