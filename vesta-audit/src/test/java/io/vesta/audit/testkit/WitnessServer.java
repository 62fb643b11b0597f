package io.vesta.audit.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vesta.audit.key.Ed25519Signer;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.witness.FileWitness;
import io.vesta.audit.witness.Witness;
import io.vesta.core.secret.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A runnable C2SP tlog-witness on the loopback interface, for tests and for trying things out:
 * {@code WitnessServer <directory> <witness name> <file with base64 seed> <port> <log vkey> ...}.
 */
public final class WitnessServer implements AutoCloseable {

  private static final int LONGEST_REQUEST = 1 << 16;

  private final Function<String, List<Vkey>> logs;
  private final Witness memory;
  private final HttpServer server;

  /**
   * Starts it.
   *
   * @param memory what remembers and cosigns
   * @param logs the keys of the log of an origin, as {@code memory} knows them
   * @param port 0 for any
   */
  public WitnessServer(Witness memory, Function<String, List<Vkey>> logs, int port)
      throws IOException {
    this.memory = memory;
    this.logs = logs;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/add-checkpoint", this::serve);
    server.start();
  }

  /** Runs one until it is killed. */
  public static void main(String[] arguments) throws IOException {
    Map<String, List<Vkey>> keys =
        List.of(arguments).subList(4, arguments.length).stream()
            .map(Vkey::parse)
            .collect(Collectors.groupingBy(Vkey::name));
    Function<String, List<Vkey>> logs = origin -> keys.getOrDefault(origin, List.of());
    Ed25519Signer signer =
        Ed25519Signer.of(Secret.of(Files.readString(Path.of(arguments[2])).strip()));
    FileWitness memory =
        new FileWitness(arguments[1], Path.of(arguments[0]), logs, signer, Clock.systemUTC());
    WitnessServer server = new WitnessServer(memory, logs, Integer.parseInt(arguments[3]));
    System.out.println(server.submission() + " " + signer.vkey(arguments[1]).ofWitness());
  }

  /** The submission prefix. */
  public URI submission() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request =
          new String(exchange.getRequestBody().readNBytes(LONGEST_REQUEST), StandardCharsets.UTF_8);
      answer(exchange, request);
    }
  }

  private void answer(HttpExchange exchange, String request) throws IOException {
    long old;
    List<Hash> proof = new ArrayList<>();
    SignedNote note;
    Checkpoint checkpoint;
    try {
      int blank = request.indexOf("\n\n");
      List<String> lines = List.of(request.substring(0, Math.max(blank, 0)).split("\n", -1));
      if (!lines.get(0).startsWith("old ") || lines.size() > 64) {
        throw new IllegalArgumentException("no old size, or too long a proof");
      }
      old = Checkpoint.decimal(lines.get(0).substring("old ".length()));
      lines.subList(1, lines.size()).forEach(line -> proof.add(Hash.ofBase64(line)));
      note = SignedNote.parse(request.substring(blank + 2).getBytes(StandardCharsets.UTF_8));
      checkpoint = Checkpoint.parse(note.text());
    } catch (IllegalArgumentException e) {
      send(exchange, 400, "text/plain", "");
      return;
    }
    List<Vkey> keys = logs.apply(checkpoint.origin());
    if (keys.isEmpty()) {
      send(exchange, 404, "text/plain", "");
      return;
    }
    try {
      note.open(keys);
    } catch (IllegalArgumentException e) {
      send(exchange, 403, "text/plain", "");
      return;
    }
    Witness.Answer answer;
    try {
      answer = memory.add(old, proof, note);
    } catch (IllegalArgumentException e) {
      send(exchange, old > checkpoint.size() ? 400 : 422, "text/plain", "");
      return;
    }
    if (answer instanceof Witness.Remembered remembered) {
      String whole = remembered.note().toString();
      String sent = note.toString();
      send(exchange, 200, "text/plain", whole.substring(sent.length()));
    } else if (answer instanceof Witness.Knows knows) {
      send(exchange, 409, "text/x.tlog.size", knows.size() + "\n");
    } else if (old == checkpoint.size()) {
      send(exchange, 409, "text/x.tlog.size", old + "\n");
    } else {
      send(exchange, 422, "text/plain", "");
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
