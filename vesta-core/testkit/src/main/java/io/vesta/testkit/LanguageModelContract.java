package io.vesta.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.ModelException;
import io.vesta.core.llm.Prompt;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of {@link LanguageModel}. Inherit it, supply a model that answers, and run it. */
public abstract class LanguageModelContract {

  /** For subclasses. */
  protected LanguageModelContract() {}

  /** A model that is up and will answer {@link #prompt()} with a complete text. */
  protected abstract LanguageModel model();

  /** The clock that the model looks at. */
  protected abstract Clock clock();

  /** A prompt that the model can answer. */
  protected Prompt prompt() {
    return new Prompt(
        "Answer in one sentence.",
        List.of(new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.TRUSTED, "Say that you are ready.")),
        64,
        0.0);
  }

  private Call call(Duration patience, Call.CancelToken cancel) {
    return new Call(
        new UUID(0L, 1L), new BrokerageId("firm"), clock().instant().plus(patience), cancel);
  }

  @Test
  void required_lm01_a_complete_answer_finishes_with_stop_and_names_its_model() {
    Completion completion =
        model().complete(prompt(), call(Duration.ofMinutes(1), new Call.CancelToken()));
    assertEquals(Completion.Finish.STOP, completion.finish());
    assertFalse(completion.text().isBlank());
    assertFalse(completion.modelId().isBlank());
  }

  @Test
  void required_lm02_a_passed_deadline_is_a_timeout() {
    ModelException refused =
        assertThrows(
            ModelException.class,
            () -> model().complete(prompt(), call(Duration.ofSeconds(-1), new Call.CancelToken())));
    assertEquals(ModelException.Kind.TIMEOUT, refused.kind());
  }

  @Test
  void required_lm03_a_cancelled_call_gives_no_text() {
    Call.CancelToken cancel = new Call.CancelToken();
    cancel.cancel();
    ModelException refused =
        assertThrows(
            ModelException.class,
            () -> model().complete(prompt(), call(Duration.ofMinutes(1), cancel)));
    assertEquals(ModelException.Kind.CANCELLED, refused.kind());
  }

  @Test
  void required_lm04_streamed_pieces_add_up_to_the_text() {
    StringBuilder pieces = new StringBuilder();
    Completion completion =
        model().stream(
            prompt(), call(Duration.ofMinutes(1), new Call.CancelToken()), pieces::append);
    assertEquals(completion.text(), pieces.toString());
  }

  @Test
  void required_lm05_neither_prompt_nor_answer_show_in_texts_for_logs() {
    Completion completion =
        model().complete(prompt(), call(Duration.ofMinutes(1), new Call.CancelToken()));
    assertTrue(!completion.toString().contains(completion.text()));
    assertFalse(prompt().toString().contains("ready"));
  }
}
