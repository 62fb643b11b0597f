package io.vesta.llm.route;

import java.util.Objects;
import java.util.Optional;

/**
 * One way to a model. Made by {@link Routes} alone.
 *
 * @param id its name
 * @param api how the provider is spoken to
 * @param endpoint where
 * @param model the provider's name for the model
 * @param region where the provider computes, as the contract with it says; Vesta cannot see it
 * @param dataClass the highest class of text that it may carry
 * @param credential the name of the secret
 * @param fallback the route that is tried when this one fails
 * @param tokensPerDay the most tokens that one brokerage uses here in a UTC day, read and written
 */
public record Route(
    String id,
    Api api,
    Endpoint endpoint,
    String model,
    String region,
    DataClass dataClass,
    CredentialRef credential,
    Optional<String> fallback,
    long tokensPerDay) {

  /** Checks presence. */
  public Route {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(api, "api");
    Objects.requireNonNull(endpoint, "endpoint");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(dataClass, "dataClass");
    Objects.requireNonNull(credential, "credential");
    Objects.requireNonNull(fallback, "fallback");
  }
}
