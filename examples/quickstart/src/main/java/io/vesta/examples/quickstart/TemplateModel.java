package io.vesta.examples.quickstart;

import io.vesta.core.llm.Call;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.LanguageModel;
import io.vesta.core.llm.ModelException;
import io.vesta.core.llm.Prompt;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A stand-in for a language model: a deterministic template over the trusted facts of the prompt,
 * which come as lines {@code Name: value}. Like a real model it is eager to please, so a client's
 * leading question can lead it into a sentence that nobody may send; that is what lint and review
 * are for. Thread-safe.
 */
final class TemplateModel implements LanguageModel {

  /** The name under which the record shows who wrote a draft. */
  static final String MODEL_ID = "quickstart-template-1 (a template, no language model)";

  private final Clock clock;

  TemplateModel(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Completion complete(Prompt prompt, Call call) {
    if (call.cancel().cancelled()) {
      throw new ModelException(ModelException.Kind.CANCELLED, null, null);
    }
    if (!clock.instant().isBefore(call.deadline())) {
      throw new ModelException(ModelException.Kind.TIMEOUT, null, null);
    }
    Map<String, String> facts = new HashMap<>();
    StringBuilder asked = new StringBuilder();
    for (Prompt.Turn turn : prompt.turns()) {
      if (turn.trust() == Prompt.Trust.TRUSTED) {
        turn.text()
            .lines()
            .map(line -> line.split(": ", 2))
            .filter(pair -> pair.length == 2)
            .forEach(pair -> facts.put(pair[0].trim(), pair[1].trim()));
      } else {
        asked.append(turn.text().toLowerCase(Locale.ROOT));
      }
    }
    String text = letter(facts, asked.toString());
    int read = prompt.turns().stream().mapToInt(turn -> turn.text().length()).sum();
    return new Completion(
        text, Completion.Finish.STOP, new Completion.Usage(read / 4, text.length() / 4), MODEL_ID);
  }

  private static String letter(Map<String, String> facts, String asked) {
    String answer;
    if (asked.contains("adults only")) {
      answer = "Yes, it is an adults only building, no children.";
    } else if (asked.contains("wire")) {
      answer =
          "Before you send money anywhere, call the title company on a number you already know.";
    } else if (asked.contains("see it") || asked.contains("viewing")) {
      answer = "I can show it to you; which day of the week suits you?";
    } else {
      answer = "Tell me what matters to you in a home and I will look for it.";
    }
    return """
        Hello %s,

        thank you for your message. The %s in %s, %s, is listed at $%s.
        %s

        %s
        %s, %s
        To receive no more of these messages, reply STOP or follow https://hearthline.example/unsubscribe
        """
        .formatted(
            facts.getOrDefault("FirstName", "there"),
            facts.getOrDefault("PropertySubType", "home").toLowerCase(Locale.ROOT),
            facts.getOrDefault("City", "your area"),
            facts.getOrDefault("PostalCode", ""),
            facts.getOrDefault("ListPrice", ""),
            answer,
            facts.getOrDefault("MemberFullName", ""),
            facts.getOrDefault("OfficeName", ""),
            facts.getOrDefault("OfficeAddress", ""));
  }
}
