package io.vesta.core.storage;

import io.vesta.core.error.VestaException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The tables of one artifact as versioned SQL resources with Flyway's file naming ({@code
 * V1__audit.sql}), one directory per engine beside the anchor class: {@code schema/sqlite} and
 * {@code schema/postgresql}. A host that runs Flyway or Liquibase points it at those directories
 * and does not call {@link SchemaInstaller}.
 *
 * @param module the artifact's word, such as {@code audit}
 * @param anchor a class of the package that holds the {@code schema} directory
 * @param scripts the file names in order of version, without gaps from 1
 */
public record Schema(String module, Class<?> anchor, List<String> scripts) {

  private static final Pattern SCRIPT = Pattern.compile("V([0-9]{1,4})__([a-z0-9_]{1,64})\\.sql");

  /** Checks names and order. */
  public Schema {
    Objects.requireNonNull(module, "module");
    Objects.requireNonNull(anchor, "anchor");
    scripts = List.copyOf(scripts);
    for (int i = 0; i < scripts.size(); i++) {
      var matcher = SCRIPT.matcher(scripts.get(i));
      if (!matcher.matches() || Integer.parseInt(matcher.group(1)) != i + 1) {
        throw VestaException.invalid(
            "schema script " + (i + 1) + " of " + module,
            "named " + scripts.get(i),
            "name it V" + (i + 1) + "__what_it_does.sql");
      }
    }
  }
}
