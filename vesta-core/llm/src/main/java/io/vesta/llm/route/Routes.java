package io.vesta.llm.route;

import io.vesta.core.error.VestaException;
import io.vesta.llm.LlmError;
import io.vesta.llm.route.internal.RoutesReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All ways to models, in the order in which they are tried. The document is JSON:
 *
 * <pre>{@code
 * {"hosts": ["api.openai.com"],
 *  "routes": [{"id": "drafts", "api": "OPENAI_CHAT",
 *              "endpoint": "https://api.openai.com/v1/chat/completions",
 *              "model": "gpt-5", "region": "us", "dataClass": "CONFIDENTIAL",
 *              "credential": "openai-prod", "tokensPerDay": 2000000}]}
 * }</pre>
 *
 * {@code hosts} is the allow-list: an endpoint elsewhere is a fault, as is a {@code fallback} that
 * does not exist, runs in a circle or may carry less than the route before it. Immutable.
 */
public final class Routes {

  private final Environment environment;
  private final Map<String, Route> routes;
  private final String digest;

  private Routes(Environment environment, Map<String, Route> routes, String digest) {
    this.environment = environment;
    this.routes = routes;
    this.digest = digest;
  }

  /**
   * Loads a document.
   *
   * @param json the document, at most 256 KiB
   * @param environment what is allowed in it
   * @throws VestaException with code {@code VESTA-LLM-001} that tells every fault with its JSON
   *     pointer (RFC 6901)
   */
  public static Routes load(String json, Environment environment) {
    List<String> faults = new ArrayList<>();
    Map<String, Route> routes = new LinkedHashMap<>();
    for (Route route : RoutesReader.read(json, environment, faults)) {
      routes.put(route.id(), route);
    }
    if (!faults.isEmpty()) {
      throw new VestaException(LlmError.ROUTES_INVALID, String.join("; ", faults));
    }
    return new Routes(environment, routes, digest(json));
  }

  private static String digest(String json) {
    try {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** For what they were loaded; never null. */
  public Environment environment() {
    return environment;
  }

  /** The SHA-256 of the document in lower-case hex: what two persons approve. */
  public String digest() {
    return digest;
  }

  /** All of them, in the order of the document; never empty. */
  public List<Route> all() {
    return List.copyOf(routes.values());
  }

  /**
   * The routes that a text of a class may take, the next one for when the one before it fails;
   * empty if none may carry it.
   */
  public List<Route> chain(DataClass dataClass) {
    List<Route> chain = new ArrayList<>();
    Optional<Route> next =
        routes.values().stream().filter(one -> one.dataClass().covers(dataClass)).findFirst();
    while (next.isPresent()) {
      chain.add(next.get());
      next = next.flatMap(Route::fallback).map(routes::get);
    }
    return chain;
  }
}
