package io.vesta.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends by a POST of JSON with an {@code Idempotency-Key}, by which the provider drops a second
 * message. The client is the host's: its threads, its proxies, its trust. Thread-safe.
 *
 * <p>The body is {@code {"channel", "from": {"address", "name"}, "to": [{"role", "address"}],
 * "subject", "text"}}; a provider that wants another one is spoken to by a small service between. A
 * 2xx answer is accepted, and its {@code id} is kept if it is a text of at most 200 characters. No
 * connection and 429 mean that nothing left, other 4xx answers but 408 and 409 that the provider
 * refused it; anything else is unknown, and goes again under the same key.
 */
public final class HttpChannel implements DeliveryChannel {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST_ID = 200;

  private final HttpClient client;
  private final URI address;
  private final Dedupe dedupe;
  private final Duration sendTime;
  private final @Nullable Secret token;

  private HttpChannel(
      HttpClient client, URI address, Dedupe dedupe, Duration sendTime, @Nullable Secret token) {
    this.client = client;
    this.address = address;
    this.dedupe = dedupe;
    this.sendTime = sendTime;
    this.token = token;
  }

  /**
   * A channel to a provider, without a token, with half a minute for an answer.
   *
   * @param client the host's; it must follow no redirects
   * @param address where to post: https, or http to this machine
   * @param window how long the provider remembers a key, by its documentation
   */
  public static HttpChannel to(HttpClient client, URI address, Duration window) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    boolean here = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    boolean open = "http".equals(address.getScheme()) && here;
    if (!"https".equals(address.getScheme()) && !open) {
      throw VestaException.invalid(
          "provider address", "of scheme " + address.getScheme(), "use https");
    }
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw VestaException.invalid(
          "http client", "one that follows redirects", "let it follow none");
    }
    return new HttpChannel(client, address, new Dedupe.Keyed(window), Duration.ofSeconds(30), null);
  }

  /** The same channel with a bearer token. */
  public HttpChannel token(Secret value) {
    Objects.requireNonNull(value, "token");
    return new HttpChannel(client, address, dedupe, sendTime, value);
  }

  /** The same channel with another time for an answer, one second to ten minutes. */
  public HttpChannel within(Duration value) {
    return new HttpChannel(client, address, dedupe, value, token);
  }

  @Override
  public Dedupe dedupe() {
    return dedupe;
  }

  @Override
  public Duration sendTime() {
    return sendTime;
  }

  @Override
  public Delivery send(SendPermit permit) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(sendTime)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", permit.key());
    if (token != null) {
      String bearer = new String(token.reveal(), StandardCharsets.US_ASCII);
      request.header("Authorization", "Bearer " + bearer);
    }
    byte[] body = body(permit.open());
    try {
      HttpResponse<byte[]> answer =
          client.send(
              request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return read(answer.statusCode(), answer.body());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new Delivery.NotSent("NO_CONNECTION");
    } catch (IOException e) {
      return new Delivery.Lost("NO_ANSWER");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Delivery.Lost("INTERRUPTED");
    }
  }

  private static Delivery read(int status, byte[] body) {
    if (status >= 200 && status < 300) {
      return new Delivery.Accepted(id(body));
    }
    if (status == 429) {
      return new Delivery.NotSent("TOO_MANY");
    }
    boolean refused = status >= 400 && status < 500 && status != 408 && status != 409;
    return refused
        ? new Delivery.Rejected("STATUS_" + status)
        : new Delivery.Lost("STATUS_" + status);
  }

  private static String id(byte[] body) {
    try {
      JsonNode id = JSON.readTree(body).path("id");
      String text = id.isValueNode() && !id.isNull() ? id.asText() : "";
      return text.length() <= LONGEST_ID ? text : "";
    } catch (IOException e) {
      // Taken is taken, whatever the provider calls it.
      return "";
    }
  }

  private static byte[] body(Envelope envelope) {
    ObjectNode body = JSON.createObjectNode();
    body.put("channel", envelope.channel().name());
    body.putObject("from")
        .put("address", envelope.sender().address().value())
        .put("name", envelope.sender().name());
    ArrayNode to = body.putArray("to");
    envelope
        .recipients()
        .forEach(
            one ->
                to.addObject()
                    .put("role", one.role().name())
                    .put("address", one.address().value()));
    body.put("subject", envelope.subject()).put("text", envelope.body());
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
  }
}
