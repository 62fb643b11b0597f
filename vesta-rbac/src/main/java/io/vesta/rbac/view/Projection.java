package io.vesta.rbac.view;

import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.policy.Policy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A host's record as the fields that the policy classifies: each component is the field of its
 * name. A component that the policy does not classify is hidden from everybody; a host's build can
 * insist that there is none. Immutable.
 *
 * @param <T> the record
 */
public final class Projection<T extends Record> {

  private final ResourceType type;
  private final List<RecordComponent> components;

  private Projection(ResourceType type, List<RecordComponent> components) {
    this.type = type;
    this.components = components;
  }

  /**
   * Projects a record.
   *
   * @param record the record's class
   * @param type the type under which the policy classifies its fields
   */
  public static <T extends Record> Projection<T> of(Class<T> record, ResourceType type) {
    List<RecordComponent> components = List.of(record.getRecordComponents());
    components.forEach(component -> component.getAccessor().setAccessible(true));
    return new Projection<>(Objects.requireNonNull(type, "type"), components);
  }

  /** The type under which the policy classifies the fields; never null. */
  public ResourceType type() {
    return type;
  }

  /** The components that a policy does not classify, and that nobody sees; never null. */
  public Set<String> unclassified(Policy policy) {
    Set<String> names = new TreeSet<>();
    components.forEach(component -> names.add(component.getName()));
    names.removeAll(policy.fieldClasses(type).keySet());
    return names;
  }

  /**
   * Nothing if every component is classified; for a test in the host's build.
   *
   * @throws VestaException that names the others
   */
  public void requireClassified(Policy policy) {
    Set<String> missing = unclassified(policy);
    if (!missing.isEmpty()) {
      throw VestaException.invalid(
          "projection of " + type.name(),
          "without a class for " + missing,
          "classify them in the policy's /classes/" + type.name());
    }
  }

  /** The record's values by field, before anything is hidden; never null. */
  public Map<String, @Nullable Object> values(T record) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (RecordComponent component : components) {
      try {
        values.put(component.getName(), component.getAccessor().invoke(record));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("a record's accessor can be called and returns", e);
      }
    }
    return values;
  }
}
