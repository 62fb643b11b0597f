package io.vesta.core.plugin;

import io.vesta.core.error.VestaException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a plug-in says of itself.
 *
 * @param id unique among the installed: lower-case words joined by dots or dashes, at most 64
 *     characters
 * @param version the plug-in's own version, for people
 * @param compiledFor the SPI version it was compiled for
 */
public record PluginDescriptor(String id, String version, SpiVersion compiledFor) {

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*([.-][a-z0-9]+)*");

  /** Checks the id's shape. */
  public PluginDescriptor {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(compiledFor, "compiledFor");
    if (id.length() > 64 || !ID.matcher(id).matches()) {
      throw VestaException.invalid(
          "plug-in id",
          "a text of " + id.length() + " characters outside the allowed form",
          "use lower-case words joined by dots or dashes");
    }
  }
}
