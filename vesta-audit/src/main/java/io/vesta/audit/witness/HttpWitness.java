package io.vesta.audit.witness;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.Hash;
import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A witness of somebody else, asked by the C2SP tlog-witness protocol. What it answers is believed
 * only as far as its key signed it. Thread-safe.
 */
public final class HttpWitness implements Witness {

  private static final int LONGEST_ANSWER = 1 << 16;
  private static final String SIZE_TYPE = "text/x.tlog.size";

  private final URI addCheckpoint;
  private final Vkey key;
  private final HttpClient client;
  private final Duration timeout;

  /**
   * @param submission the witness's submission prefix, without final slash
   * @param key the witness's key, of kind {@link Vkey.Kind#WITNESS}
   * @param client the host's, with its executor; it should follow no redirects
   * @param timeout how long an answer may take
   */
  public HttpWitness(URI submission, Vkey key, HttpClient client, Duration timeout) {
    if (key.kind() != Vkey.Kind.WITNESS) {
      throw VestaException.invalid("witness key", "a log's", "give the verifier key of a witness");
    }
    this.addCheckpoint = URI.create(submission + "/add-checkpoint");
    this.key = key;
    this.client = client;
    this.timeout = timeout;
  }

  @Override
  public String name() {
    return key.name();
  }

  @Override
  public Answer add(long oldSize, List<Hash> proof, SignedNote checkpoint) {
    StringBuilder body = new StringBuilder("old ").append(oldSize).append('\n');
    proof.forEach(hash -> body.append(hash.base64()).append('\n'));
    body.append('\n').append(checkpoint);
    HttpRequest request =
        HttpRequest.newBuilder(addCheckpoint)
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString(), StandardCharsets.UTF_8))
            .build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        String answer = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8);
        return judge(response, answer, oldSize, checkpoint);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw unavailable("did not answer as a witness does", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for", e);
    }
  }

  private Answer judge(
      HttpResponse<?> response, String answer, long oldSize, SignedNote checkpoint) {
    return switch (response.statusCode()) {
      case 200 -> new Remembered(checkpoint.with(key, answer));
      case 409 -> {
        boolean sized = response.headers().firstValue("Content-Type").orElse("").equals(SIZE_TYPE);
        // A witness of the size that was named says no to the root.
        yield !sized || size(answer) == oldSize
            ? contradicted(checkpoint, oldSize)
            : new Knows(size(answer));
      }
      case 422 -> new Contradicted();
      default -> throw unavailable("answered with status " + response.statusCode(), null);
    };
  }

  private Answer contradicted(SignedNote checkpoint, long oldSize) {
    if (Checkpoint.parse(checkpoint.text()).size() != oldSize) {
      throw unavailable("refused without saying what it remembers", null);
    }
    return new Contradicted();
  }

  private static long size(String answer) {
    if (!answer.endsWith("\n")) {
      throw new IllegalArgumentException("a size ends with a newline");
    }
    return Checkpoint.decimal(answer.substring(0, answer.length() - 1));
  }

  private VestaException unavailable(String why, @Nullable Exception cause) {
    return new VestaException(
        AuditError.WITNESS_UNAVAILABLE, "the witness " + key.name() + " " + why, cause);
  }
}
