package io.vesta.rbac.broken;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A deliberate break. */
public final class ShowsJackson {
  public List<JsonNode> nodes() {
    return List.of();
  }
}
