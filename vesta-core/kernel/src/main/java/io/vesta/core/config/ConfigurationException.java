package io.vesta.core.config;

import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import java.util.List;

/**
 * The configuration cannot be used. Lists every fault at once; each names its key, and no value is
 * shown.
 */
public final class ConfigurationException extends VestaException {

  private static final long serialVersionUID = 1L;

  /** An array, because it can be serialized whatever the list was. */
  private final String[] faults;

  /**
   * @param faults one sentence each, beginning with the key; not empty
   */
  public ConfigurationException(List<String> faults) {
    super(CoreError.CONFIG_INVALID, String.join("; ", faults));
    this.faults = faults.toArray(String[]::new);
  }

  /** One sentence per fault; never empty. */
  public List<String> faults() {
    return List.of(faults);
  }
}
