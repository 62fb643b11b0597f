package io.vesta.posture.listen;

import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import io.vesta.posture.listen.Listener.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether a program for local models runs on this machine, which production must not have, also on
 * loopback: Ollama's port, its variable, and what TCP listeners say when they are asked for their
 * first page. Immutable.
 */
public final class LocalModelCheck implements PostureCheck {

  private static final int PORT = 11434;
  private static final String VARIABLE = "OLLAMA_HOST";
  private static final int PATIENCE_MILLIS = 300;
  private static final int MOST_BYTES = 4096;
  private static final int MOST_READS = 8;
  private static final int MOST_ASKED = 256;
  private static final List<String> NAMES =
      List.of("ollama is running", "server: llama.cpp", "koboldcpp", "lm studio", "localai");
  private static final List<String> LIMITS =
      List.of(
          "a program that speaks TLS only, or that answers its first page with something else",
          "other network name spaces and machines");

  private final ProcNet tables;
  private final Map<String, String> environment;

  /**
   * @param environment the variables of the process, usually {@code System.getenv()}
   */
  public LocalModelCheck(Map<String, String> environment) {
    this(Path.of("/proc/self/net"), environment);
  }

  LocalModelCheck(Path tables, Map<String, String> environment) {
    this.tables = new ProcNet(tables);
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String id() {
    return "configuration.local-model";
  }

  @Override
  public Family family() {
    return Family.CONFIGURATION;
  }

  @Override
  public Duration validity() {
    return Duration.ofHours(1);
  }

  @Override
  public Verdict check() {
    List<Evidence> wrong = new ArrayList<>();
    if (environment.containsKey(VARIABLE)) {
      // Whatever it says: production has no use for it.
      wrong.add(new Evidence("variable " + VARIABLE, "set"));
    }
    Set<Listener> listeners;
    try {
      listeners = tables.listeners();
    } catch (IOException e) {
      return wrong.isEmpty()
          ? Verdict.unknown(
              Vantage.HOST, List.of(), LIMITS, "let this process read /proc/net on Linux")
          : failed(wrong);
    }
    List<Listener> tcp = listeners.stream().filter(one -> one.protocol() == Protocol.TCP).toList();
    for (Listener one : tcp.subList(0, Math.min(tcp.size(), MOST_ASKED))) {
      if (one.port() == PORT) {
        wrong.add(new Evidence(one.toString(), "listens on Ollama's port"));
      } else if (namesItself(one)) {
        wrong.add(new Evidence(one.toString(), "answers as a program for local models"));
      }
    }
    if (!wrong.isEmpty()) {
      return failed(wrong);
    } else if (tcp.size() > MOST_ASKED) {
      return Verdict.unknown(
          Vantage.HOST,
          List.of(new Evidence("/proc/net", tcp.size() + " listeners, more than are asked")),
          LIMITS,
          "check the others by hand");
    }
    return Verdict.pass(
        Vantage.HOST,
        List.of(new Evidence("/proc/net", tcp.size() + " TCP listeners asked")),
        LIMITS);
  }

  private static Verdict failed(List<Evidence> wrong) {
    return Verdict.fail(
        Vantage.HOST, wrong, LIMITS, "stop it and unset it: production uses an approved cloud");
  }

  /** Asks for the first page; silence, or another protocol, is no local model. */
  private static boolean namesItself(Listener listener) {
    String host =
        listener.address().isAnyLocalAddress() ? "localhost" : listener.address().getHostAddress();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, listener.port()), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = read(socket.getInputStream()).toLowerCase(Locale.ROOT);
      return NAMES.stream().anyMatch(answer::contains);
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(InputStream in) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[MOST_BYTES];
    try {
      // Who answers a byte at a time is left after a few.
      for (int i = 0; i < MOST_READS && text.length() < MOST_BYTES; i++) {
        int read = in.read(buffer);
        if (read < 0) {
          break;
        }
        text.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // What came until then is what it says.
    }
    return text.toString();
  }
}
