package io.vesta.examples.quickstart;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The numbers of a run, in the order in which they came; not thread-safe. */
public final class Summary {

  private final ObjectNode root = JsonNodeFactory.instance.objectNode();

  Summary() {}

  /** A number in a section; a section within another is written with a slash. */
  void put(String section, String name, long value) {
    root.withObject("/" + section).put(name, value);
  }

  /** A text in a section. */
  void put(String section, String name, String value) {
    root.withObject("/" + section).put(name, value);
  }

  /** One more in a section's list. */
  ObjectNode add(String section) {
    return root.withArray("/" + section).addObject();
  }

  /** A number that was put. */
  public long number(String section, String name) {
    return root.at("/" + section).path(name).longValue();
  }

  ObjectNode json() {
    return root;
  }

  @Override
  public String toString() {
    return root.toPrettyString();
  }
}
