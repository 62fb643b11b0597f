package io.vesta.identity.wire.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.error.VestaException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers: one deadline over the whole exchange, a bounded answer, no redirects, no
 * compression. Thread-safe.
 */
public final class ProviderHttp {

  private final HttpClient client;
  private final Duration deadline;

  /**
   * @param client the host's; it must follow no redirects
   * @param deadline how long a whole exchange may take
   */
  public ProviderHttp(HttpClient client, Duration deadline) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw VestaException.invalid(
          "HTTP client", "one that follows redirects", "build it with Redirect.NEVER");
    }
    this.client = client;
    this.deadline = deadline;
  }

  /** What became of a request. */
  public sealed interface Answer {

    /**
     * The provider answered.
     *
     * @param status the HTTP status
     * @param json whether it calls its body JSON
     * @param object the body, if it is a strict JSON object
     */
    record Replied(int status, boolean json, Optional<ObjectNode> object) implements Answer {
      @Override
      public String toString() {
        return "Replied[" + status + "]";
      }
    }

    /** The request certainly did not reach the provider. */
    record NotSent() implements Answer {}

    /** Nobody knows whether the provider acted on the request. */
    record Lost() implements Answer {}
  }

  /** How long a whole exchange may take. */
  public Duration deadline() {
    return deadline;
  }

  /** Gets a document of at most so many bytes. */
  public Answer get(URI uri, int most) {
    return send(
        HttpRequest.newBuilder(uri).header("Accept", "application/json").GET().build(), most);
  }

  /** Posts a form. */
  public Answer post(URI uri, Map<String, String> headers, String form, int most) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    headers.forEach(request::header);
    return send(request.build(), most);
  }

  private Answer send(HttpRequest request, int most) {
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, info -> new Bounded(most));
    try {
      HttpResponse<byte[]> response = exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
      boolean plain = response.headers().firstValue("Content-Encoding").isEmpty();
      String type =
          response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
      return new Answer.Replied(
          response.statusCode(),
          plain && type.startsWith("application/json"),
          StrictJson.object(response.body()));
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return new Answer.Lost();
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      return new Answer.Lost();
    } catch (ExecutionException e) {
      return e.getCause() instanceof ConnectException
              || e.getCause() instanceof HttpConnectTimeoutException
          ? new Answer.NotSent()
          : new Answer.Lost();
    }
  }

  /** Collects a body and gives up when it is longer than allowed. */
  private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {

    private final int most;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final List<byte[]> pieces = new ArrayList<>();
    private int length;
    private Flow.@Nullable Subscription subscription;

    Bounded(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        length += buffer.remaining();
        if (length > most) {
          Flow.Subscription open = subscription;
          if (open != null) {
            open.cancel();
          }
          body.completeExceptionally(new IOException("the answer is longer than " + most));
          return;
        }
        byte[] piece = new byte[buffer.remaining()];
        buffer.get(piece);
        pieces.add(piece);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      ByteBuffer whole = ByteBuffer.allocate(length);
      pieces.forEach(whole::put);
      body.complete(whole.array());
    }
  }
}
