package io.vesta.core.llm;

import java.util.function.Consumer;

/**
 * SPI and port: a model that writes text. It has no tools on purpose: a drafter that can call tools
 * is an injection target.
 *
 * <p><b>Contract.</b> {@link #complete} blocks the calling thread, honours {@link Call#deadline()}
 * and {@link Call#cancel()}, sends nothing to a client, keeps no state between calls and is
 * thread-safe. Failures are {@link ModelException}s with a closed kind; a text that was cut off is
 * not a failure but a {@link Completion} whose finish is not {@link Completion.Finish#STOP}.
 */
public interface LanguageModel {

  /**
   * Writes one text.
   *
   * @param prompt what to write from; untrusted turns are fenced by the caller, never by an adapter
   * @param call id, deadline and cancellation of this call
   * @return the text and how it ended; never null
   * @throws ModelException if there is no text
   */
  Completion complete(Prompt prompt, Call call);

  /**
   * Writes one text and shows pieces while it is written. The pieces are for the eye only; the
   * returned completion counts.
   *
   * @param prompt as in {@link #complete}
   * @param call as in {@link #complete}
   * @param sink receives pieces on the calling thread; an exception from it cancels the call
   * @return as {@link #complete}
   * @throws ModelException if there is no text
   */
  default Completion stream(Prompt prompt, Call call, Consumer<String> sink) {
    Completion completion = complete(prompt, call);
    sink.accept(completion.text());
    return completion;
  }
}
