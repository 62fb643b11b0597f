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

  private final List<String> faults;

  /**
   * @param faults one sentence each, beginning with the key; not empty
   */
  public ConfigurationException(List<String> faults) {
    super(CoreError.CONFIG_INVALID, String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** One sentence per fault; never empty. */
  public List<String> faults() {
    return faults;
  }
}
