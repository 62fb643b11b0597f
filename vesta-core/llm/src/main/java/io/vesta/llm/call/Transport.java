package io.vesta.llm.call;

import io.vesta.core.llm.Call;
import io.vesta.core.secret.Secret;
import io.vesta.llm.call.CallFailed.Fault;
import io.vesta.llm.route.Endpoint;
import io.vesta.llm.route.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to one endpoint, and to nothing that it or anybody else points at: addresses are checked as
 * they are connected to, redirects, proxies, cookies and compression are off, names are verified by
 * TLS 1.2 or later, and the credential is read when all that is done. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> A provider that reads nothing can hold a request that does not fit into
 * the socket's buffers until the operating system gives up.
 */
final class Transport implements AutoCloseable {

  /** The largest answer, in bytes. */
  static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final String EXCHANGE = "vesta.exchange";
  private static final int MOST_CONNECTIONS = 256;
  private static final int MOST_HEADERS = 128;
  private static final int LONGEST_LINE = 16 * 1024;
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration LONGEST_REST = Duration.ofHours(1);

  /** What programs that serve local models call themselves. */
  private static final Set<String> LOCAL_SERVERS = Set.of("ollama", "llama.cpp", "koboldcpp");

  /** What belongs to one call on its way through the client. */
  private record Exchange(Call call, Supplier<Map<String, String>> credential) {}

  private final boolean production;
  private final Clock clock;
  private final CloseableHttpClient client;
  private final Map<Socket, PatientSocket> patient = new ConcurrentHashMap<>();

  /**
   * @param names resolves hosts
   * @param tls whom to trust
   */
  Transport(Environment environment, Clock clock, DnsResolver names, SSLContext tls) {
    this(environment, clock, names, tls, Function.identity());
  }

  /**
   * @param dialled what a resolved answer becomes before it is connected to; the identity but where
   *     a test stands in for the internet
   */
  Transport(
      Environment environment,
      Clock clock,
      DnsResolver names,
      SSLContext tls,
      Function<DnsResolver, DnsResolver> dialled) {
    this.production = environment == Environment.PRODUCTION;
    this.clock = clock;
    DnsResolver checked = production ? new Resolver(names) : names;
    client =
        HttpClientBuilder.create()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(dialled.apply(checked))
                    .setTlsSocketStrategy(waiting(verified(tls)))
                    .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder()
                            .http1Config(
                                Http1Config.custom()
                                    .setMaxHeaderCount(MOST_HEADERS)
                                    .setMaxLineLength(LONGEST_LINE)
                                    .build())
                            .build())
                    .setMaxConnTotal(MOST_CONNECTIONS)
                    .setMaxConnPerRoute(MOST_CONNECTIONS)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(CONNECTING))
                            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                            .setTimeToLive(TimeValue.ofMinutes(5))
                            .build())
                    .build())
            .setRequestExecutor(new Attended())
            // Neither system properties nor the JVM's selector name a proxy.
            .setRoutePlanner(new DefaultRoutePlanner(null))
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableContentCompression()
            .disableAuthCaching()
            .disableConnectionState()
            .setUserAgent("vesta")
            .build();
  }

  private static TlsSocketStrategy verified(SSLContext tls) {
    return new DefaultClientTlsStrategy(
        tls,
        new String[] {"TLSv1.3", "TLSv1.2"},
        null,
        SSLBufferMode.STATIC,
        HostnameVerificationPolicy.BUILTIN,
        null);
  }

  /** Puts a patient socket beneath each one that is upgraded. */
  private TlsSocketStrategy waiting(TlsSocketStrategy verified) {
    return (socket, host, port, attachment, context) -> {
      PatientSocket[] beneath = new PatientSocket[1];
      PatientSocket waits =
          new PatientSocket(
              socket, clock, exchange(context).call(), () -> patient.values().remove(beneath[0]));
      beneath[0] = waits;
      SSLSocket secure = verified.upgrade(waits, host, port, attachment, context);
      patient.put(secure, waits);
      return secure;
    };
  }

  /** Reads the credential when the connection stands, and not before. */
  private final class Attended extends HttpRequestExecutor {

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        @Nullable HttpResponseInformationCallback information,
        HttpContext context)
        throws IOException, HttpException {
      Exchange exchange = exchange(context);
      PatientSocket waits =
          connection instanceof ManagedHttpClientConnection managed
              ? patient.get(managed.getSocket())
              : null;
      if (waits != null) {
        waits.serve(exchange.call());
      } else if (production) {
        throw new SSLException("the connection is not the one that was made here");
      }
      exchange.credential().get().forEach(request::setHeader);
      return super.execute(request, connection, information, context);
    }
  }

  private static Exchange exchange(HttpContext context) {
    if (context.getAttribute(EXCHANGE) instanceof Exchange exchange) {
      return exchange;
    }
    throw new IllegalStateException("a request without an exchange");
  }

  /**
   * Posts JSON and gives the JSON of a 200.
   *
   * @param headers makes the headers that carry the credential
   * @param credential asked when the connection stands
   * @throws CallFailed for every other outcome
   */
  byte[] post(
      Endpoint endpoint,
      byte[] body,
      Call call,
      Function<Secret, Map<String, String>> headers,
      Supplier<Secret> credential) {
    HttpPost request = new HttpPost(endpoint.path());
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    request.setHeader("Accept", "application/json");
    Duration left = Duration.between(clock.instant(), call.deadline());
    if (left.isNegative() || left.isZero()) {
      throw new CallFailed(Fault.TIMEOUT);
    }
    Duration rest = left.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : left;
    request.setConfig(
        RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.of(rest))
            .setResponseTimeout(Timeout.of(rest))
            .setExpectContinueEnabled(false)
            .build());
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(EXCHANGE, new Exchange(call, () -> headers.apply(credential.get())));
    try {
      HttpHost host =
          new HttpHost(endpoint.tls() ? "https" : "http", endpoint.host(), endpoint.port());
      return client.execute(host, request, context, response -> body(response));
    } catch (IOException e) {
      throw new CallFailed(fault(e, call));
    }
  }

  private byte[] body(ClassicHttpResponse response) throws IOException {
    int status = response.getCode();
    if (status != 200) {
      // Its text is left unread: a provider may echo the credential or the prompt.
      throw new CallFailed(fault(status), retryAfter(response));
    }
    Header server = response.getFirstHeader("Server");
    if (production
        && server != null
        && LOCAL_SERVERS.stream().anyMatch(server.getValue().toLowerCase(Locale.ROOT)::contains)) {
      throw new CallFailed(Fault.LOCAL_MODEL);
    }
    HttpEntity entity = response.getEntity();
    ContentType type = entity == null ? null : ContentType.parseLenient(entity.getContentType());
    if (entity == null || type == null || !type.isSameMimeType(ContentType.APPLICATION_JSON)) {
      throw new CallFailed(Fault.MALFORMED);
    }
    try (InputStream in = entity.getContent()) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new CallFailed(Fault.TOO_LARGE);
      }
      return bytes;
    }
  }

  private static Fault fault(int status) {
    if (status >= 300 && status < 400) {
      return Fault.REDIRECT;
    }
    return switch (status) {
      case 401, 403 -> Fault.AUTH;
      case 429 -> Fault.RATE;
      case 400, 404, 405, 413, 415, 422 -> Fault.REQUEST;
      default -> status >= 500 ? Fault.DOWN : Fault.MALFORMED;
    };
  }

  /** In seconds (RFC 9110, 10.2.3); a date is left aside, since clocks differ. */
  private static @Nullable Duration retryAfter(ClassicHttpResponse response) {
    Header header = response.getFirstHeader("Retry-After");
    try {
      return header == null ? null : Duration.ofSeconds(Long.parseLong(header.getValue().strip()));
    } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private Fault fault(IOException e, Call call) {
    if (call.cancel().cancelled()) {
      return Fault.CANCELLED;
    } else if (!clock.instant().isBefore(call.deadline())) {
      return Fault.TIMEOUT;
    } else if (Resolver.refused(e)) {
      return Fault.ADDRESS;
    } else if (e instanceof SSLException) {
      return Fault.TLS;
    } else if (e instanceof UnknownHostException || e instanceof ConnectException) {
      return Fault.CONNECTION;
    }
    return e instanceof InterruptedIOException ? Fault.CONNECTION : Fault.BROKEN;
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
