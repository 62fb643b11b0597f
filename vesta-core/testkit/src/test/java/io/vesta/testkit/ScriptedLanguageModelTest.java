package io.vesta.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.llm.Call;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.ModelException;
import io.vesta.core.llm.Prompt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The fake keeps the contract that it stands in for, and the contract catches models that do not.
 */
class ScriptedLanguageModelTest extends LanguageModelContract {

  private final MutableClock clock = new MutableClock(Instant.parse("2026-06-30T12:00:00Z"));

  private static Completion checked(Clock clock, Call call) {
    if (call.cancel().cancelled()) {
      throw new ModelException(ModelException.Kind.CANCELLED, null, null);
    }
    if (!clock.instant().isBefore(call.deadline())) {
      throw new ModelException(ModelException.Kind.TIMEOUT, null, null);
    }
    return new Completion(
        "I am ready.", Completion.Finish.STOP, Completion.Usage.UNKNOWN, "scripted-model");
  }

  @Override
  protected LanguageModel model() {
    return new ScriptedLanguageModel().then((prompt, call) -> checked(clock, call));
  }

  @Override
  protected Clock clock() {
    return clock;
  }

  @Test
  void a_script_answers_in_order_and_remembers_the_questions() {
    ScriptedLanguageModel model = new ScriptedLanguageModel().thenText("one").thenText("two");
    Call call =
        new Call(
            new UUID(0, 1),
            new BrokerageId("firm"),
            clock.instant().plus(Duration.ofMinutes(1)),
            new Call.CancelToken());
    assertEquals("one", model.complete(prompt(), call).text());
    assertEquals("two", model.complete(prompt(), call).text());
    assertEquals(2, model.asked().size());
    assertThrows(AssertionError.class, () -> model.complete(prompt(), call));
  }

  /** Ignores deadlines and cancellation, cuts texts off, and streams something else. */
  static final class BrokenModel implements LanguageModel {
    @Override
    public Completion complete(Prompt prompt, Call call) {
      return new Completion("I", Completion.Finish.LENGTH, Completion.Usage.UNKNOWN, "broken");
    }

    @Override
    public Completion stream(Prompt prompt, Call call, Consumer<String> sink) {
      sink.accept("something else");
      return complete(prompt, call);
    }
  }

  @Test
  void the_contract_refuses_a_broken_model() {
    LanguageModelContract broken =
        new LanguageModelContract() {
          @Override
          protected LanguageModel model() {
            return new BrokenModel();
          }

          @Override
          protected Clock clock() {
            return clock;
          }
        };
    for (String rule : new String[] {"lm01", "lm02", "lm03", "lm04"}) {
      var test =
          ReflectionSupport.findMethods(
                  LanguageModelContract.class,
                  method -> method.getName().startsWith("required_" + rule),
                  HierarchyTraversalMode.TOP_DOWN)
              .get(0);
      assertThrows(AssertionError.class, () -> ReflectionSupport.invokeMethod(test, broken), rule);
    }
  }
}
