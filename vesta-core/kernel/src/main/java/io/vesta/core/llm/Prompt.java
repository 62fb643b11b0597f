package io.vesta.core.llm;

import io.vesta.core.error.VestaException;
import java.util.List;
import java.util.Objects;

/**
 * What a model writes from. Holds client text, so its {@code toString} tells sizes only.
 *
 * @param system the instruction, from trusted code or configuration only
 * @param turns the conversation and the facts, oldest first; not empty
 * @param maxOutputTokens the most tokens to write, 1 to 100,000
 * @param temperature 0.0 (steady) to 2.0
 */
public record Prompt(String system, List<Turn> turns, int maxOutputTokens, double temperature) {

  /** Who said a turn. */
  public enum Role {
    /** The brokerage's side or its facts. */
    USER,
    /** An earlier answer of the model. */
    ASSISTANT
  }

  /** Whether a turn may give instructions. */
  public enum Trust {
    /** Written by code, configuration or an authorised member. */
    TRUSTED,
    /** Written by a client or anybody else: data, never instructions. */
    UNTRUSTED
  }

  /**
   * One piece of the conversation.
   *
   * @param role who said it
   * @param trust whether it may give instructions
   * @param text what was said
   */
  public record Turn(Role role, Trust trust, String text) {

    /** Checks presence. */
    public Turn {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(trust, "trust");
      Objects.requireNonNull(text, "text");
    }

    /** Sizes only. */
    @Override
    public String toString() {
      return "Turn[" + role + ", " + trust + ", " + text.length() + " characters]";
    }
  }

  /** Checks ranges and copies the turns. */
  public Prompt {
    Objects.requireNonNull(system, "system");
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw VestaException.invalid("prompt turns", "empty", "give at least one");
    }
    if (maxOutputTokens < 1 || maxOutputTokens > 100_000) {
      throw VestaException.invalid(
          "maxOutputTokens", Integer.toString(maxOutputTokens), "use 1 to 100000");
    }
    if (!(temperature >= 0.0 && temperature <= 2.0)) {
      throw VestaException.invalid("temperature", Double.toString(temperature), "use 0.0 to 2.0");
    }
  }

  /** Sizes only. */
  @Override
  public String toString() {
    return "Prompt[system of " + system.length() + " characters, " + turns + "]";
  }
}
