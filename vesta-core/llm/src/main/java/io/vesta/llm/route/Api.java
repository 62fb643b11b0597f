package io.vesta.llm.route;

/** The wire format of a provider. */
public enum Api {
  /** Chat completions, as OpenAI defined them and many speak them. */
  OPENAI_CHAT,
  /** Messages, as Anthropic defined them. */
  ANTHROPIC_MESSAGES
}
