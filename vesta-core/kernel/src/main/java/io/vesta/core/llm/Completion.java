package io.vesta.core.llm;

import java.util.Objects;

/**
 * What a model wrote. Its {@code toString} tells the size only.
 *
 * @param text the text, complete only if the finish is {@link Finish#STOP}
 * @param finish why the model stopped
 * @param usage what it cost
 * @param modelId the model's own name for itself, for the record of who wrote what
 */
public record Completion(String text, Finish finish, Usage usage, String modelId) {

  /** Why a model stopped. Only {@link #STOP} may be reviewed by a person. */
  public enum Finish {
    /** It was done. */
    STOP,
    /** It ran out of tokens. */
    LENGTH,
    /** A filter cut it. */
    CONTENT_FILTER,
    /** Anything else. */
    OTHER
  }

  /**
   * What a call cost.
   *
   * @param inputTokens tokens read; -1 if unknown
   * @param outputTokens tokens written; -1 if unknown
   */
  public record Usage(int inputTokens, int outputTokens) {

    /** Neither is known. */
    public static final Usage UNKNOWN = new Usage(-1, -1);
  }

  /** Checks presence. */
  public Completion {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(finish, "finish");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(modelId, "modelId");
  }

  /** The size only. */
  @Override
  public String toString() {
    return "Completion[" + text.length() + " characters, " + finish + ", " + modelId + "]";
  }
}
