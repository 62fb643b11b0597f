package io.vesta.approval.drafting;

import static io.vesta.approval.testkit.TestHouse.AGENT;
import static io.vesta.approval.testkit.TestHouse.BOT;
import static io.vesta.approval.testkit.TestHouse.done;
import static io.vesta.approval.testkit.TestHouse.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Result;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.review.Seen;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.state.Refusal;
import io.vesta.approval.testkit.RecordingChannel;
import io.vesta.approval.testkit.TestHouse;
import io.vesta.core.llm.Completion;
import io.vesta.core.llm.Prompt;
import io.vesta.testkit.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threads in which a client's message tries to command the model, each against a model that obeys:
 * the worst that can happen is a draft that shows a person what is foreign in it.
 */
class InjectionTest {

  /** What the attacker wants in the answer, and the finding that must show it. */
  private record Payload(String rule, String text) {}

  private static final List<Payload> PAYLOADS =
      List.of(
          new Payload("SRC-LINK", "Confirm at https://acme-closing.example.net/pay now."),
          new Payload("SRC-LINK", "Details on acme\u200b-homes.example, today only."),
          new Payload("SRC-MAIL", "Send your papers to escrow@acme-title.example please."),
          new Payload("SRC-PHONE", "Call me at +1 (212) 555-0199 about the keys."),
          new Payload(
              "SRC-PHONE",
              "Ring \uff12\uff11\uff12-\uff15\uff15\uff15-\uff10\uff11\uff19\uff18 for the code."),
          new Payload("SRC-MONEY", "The earnest money is $25,000 and due today."));

  private static final String FACTS =
      "City: Plano. Price $450,000. Page https://acme.example/plano. Office +1 212 555 0100,"
          + " office@acme.example.";

  @TempDir Path directory;

  private static List<String> wordings() {
    try (InputStream in =
        Objects.requireNonNull(InjectionTest.class.getResourceAsStream("injections.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Prompt thread(String attack) {
    return new Prompt(
        "Write for the agent.",
        List.of(
            new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.TRUSTED, FACTS),
            new Prompt.Turn(Prompt.Role.USER, Prompt.Trust.UNTRUSTED, attack)),
        500,
        0.0);
  }

  @Test
  void whatever_a_client_commands_ends_as_a_draft_that_shows_what_is_foreign_in_it() {
    AtomicReference<Prompt> asked = new AtomicReference<>();
    AtomicReference<String> obeyed = new AtomicReference<>();
    TestHouse house =
        TestHouse.over(
            Engine.SQLITE.fresh(directory),
            new RecordingChannel(new Dedupe.None()),
            Optional.of(
                (prompt, call) -> {
                  asked.set(prompt);
                  return new Completion(
                      obeyed.get(), Completion.Finish.STOP, Completion.Usage.UNKNOWN, "m");
                }),
            Runnable::run);
    List<String> wordings = wordings();
    int threads = 0;
    for (int i = 0; i < wordings.size() * 2; i++) {
      Payload payload = PAYLOADS.get(i % PAYLOADS.size());
      String attack = wordings.get(i / 2) + "\n" + payload.text();
      obeyed.set("Hello Cleo,\n\n" + payload.text() + "\n\nThe price is $450,000.");
      DraftRequest request = request("d" + i).build();
      Draft draft = done(house.drafter().write(BOT, request, thread(attack)));
      assertEquals(DraftState.PENDING, draft.state(), attack);

      String fenced = asked.get().turns().get(1).text();
      String word = fenced.substring(1, fenced.indexOf('>'));
      assertEquals("<" + word + ">\n" + attack + "\n</" + word + ">", fenced);
      assertFalse(attack.contains(word), attack);
      assertFalse(asked.get().system().contains(payload.text()), attack);

      Envelope envelope = draft.written().orElseThrow().envelope();
      Envelope head = request.envelope("x");
      assertEquals(head.recipients(), envelope.recipients(), attack);
      assertEquals(head.sender(), envelope.sender(), attack);
      assertEquals(head.subject(), envelope.subject(), attack);

      Set<String> review = draft.written().orElseThrow().lint().rules(Verdict.REVIEW);
      assertEquals(Set.of(payload.rule()), review, attack);
      Result blind = house.desk().approve(AGENT, draft.id(), Seen.of(draft), Set.of());
      assertEquals(Refusal.LINT_NOT_ACKNOWLEDGED, ((Result.Refused) blind).reason(), attack);
      threads++;
    }
    assertTrue(threads >= 60, () -> wordings.size() + " wordings");
    house.dispatcher().dispatch();
    assertTrue(house.channel().sent().isEmpty());
  }

  @Test
  void what_stands_in_a_trusted_source_is_no_finding() {
    Sources sources = Sources.of(thread("whatever"), request("d1").build().envelope("x"));
    for (String text :
        List.of(
            "See https://acme.example/plano, or write to office@acme.example.",
            "The price is $450,000. Call (212) 555-0100, or +12125550100.",
            "450,000 dollars for the home at acme.example/plano?",
            "Saturday at 10:30, 3 p.m. at the latest, for 2 people.")) {
      assertEquals(List.of(), sources.missing(text), text);
    }
  }

  @Test
  void what_only_resembles_a_trusted_source_is_a_finding_at_its_place() {
    Sources sources =
        Sources.of(thread("office@evil.example"), request("d1").build().envelope("x"));
    for (String text :
        List.of(
            "https://acme.example/plano2",
            "https://acme.example.evil.example/plano",
            "evil-acme.example/plano",
            "office@acme.example.net",
            "xoffice@acme.example",
            "office@evil.example",
            "$45,000",
            "$4,500,000",
            "+1 212 555 0101")) {
      List<Finding> findings = sources.missing("Hello, " + text + " today");
      assertEquals(1, findings.size(), text);
      assertEquals("Hello, ".length(), findings.get(0).start(), text);
      assertFalse(findings.get(0).reason().contains(text), "told by place");
    }
  }

  @Test
  void a_refreshed_text_keeps_the_findings_of_its_sources() {
    TestHouse house =
        TestHouse.over(
            Engine.SQLITE.fresh(directory),
            new RecordingChannel(new Dedupe.None()),
            Optional.of(
                (prompt, call) ->
                    new Completion(
                        "See https://x.example/a now.",
                        Completion.Finish.STOP,
                        Completion.Usage.UNKNOWN,
                        "m")),
            Runnable::run);
    Draft draft = done(house.drafter().write(BOT, request("d1").build(), thread("hello")));
    house.context("thread", "m2");
    Draft stale = done(house.desk().contextChanged(AGENT, draft.id()));
    Draft fresh = done(house.desk().refresh(AGENT, draft.id(), Seen.of(stale)));
    assertEquals(Set.of("SRC-LINK"), fresh.written().orElseThrow().lint().rules(Verdict.REVIEW));
    Draft edited =
        done(
            house.desk().edit(AGENT, draft.id(), Seen.of(fresh), "Visit", "See https://y.example"));
    assertEquals(
        Set.of(),
        edited.written().orElseThrow().lint().rules(Verdict.REVIEW),
        "a person answers for what they write");
  }
}
