package io.vesta.llm.route;

/**
 * Where Vesta runs. Nothing takes one by default, so that nobody is lax in production by chance.
 */
public enum Environment {
  /** A developer's machine: plain HTTP and local models are allowed. */
  DEVELOPMENT,
  /** Where clients' data is: HTTPS to approved public hosts alone. */
  PRODUCTION
}
