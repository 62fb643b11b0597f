package io.vesta.testkit;

import io.vesta.core.llm.Call;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.Prompt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A model that answers what a test told it to, in order, and remembers what it was asked.
 * Thread-safe.
 */
public final class ScriptedLanguageModel implements LanguageModel {

  private final Deque<BiFunction<Prompt, Call, Completion>> script = new ArrayDeque<>();
  private final List<Prompt> asked = new ArrayList<>();

  /** A model with nothing to say yet. */
  public ScriptedLanguageModel() {}

  /** Answers one call with a complete text. */
  public ScriptedLanguageModel thenText(String text) {
    return then(
        (prompt, call) ->
            new Completion(
                text, Completion.Finish.STOP, Completion.Usage.UNKNOWN, "scripted-model"));
  }

  /** Answers one call with whatever the function returns or throws. */
  public synchronized ScriptedLanguageModel then(BiFunction<Prompt, Call, Completion> answer) {
    script.add(answer);
    return this;
  }

  /** What it was asked, oldest first. */
  public synchronized List<Prompt> asked() {
    return List.copyOf(asked);
  }

  @Override
  public Completion complete(Prompt prompt, Call call) {
    BiFunction<Prompt, Call, Completion> answer;
    synchronized (this) {
      asked.add(prompt);
      answer = script.poll();
    }
    if (answer == null) {
      throw new AssertionError("the script has no answer for call " + asked().size());
    }
    return answer.apply(prompt, call);
  }
}
