package io.vesta.llm.call;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/** A provider on a real loopback port that answers whatever a test wants, byte by byte. */
final class Provider implements AutoCloseable {

  /** Answers one request. */
  @FunctionalInterface
  interface Script {
    void answer(String request, OutputStream out) throws IOException;
  }

  private final ServerSocket server;
  private final Thread thread;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What was asked, head and body. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private volatile Script script;

  Provider(@Nullable SSLContext tls, Script script, String... protocols) {
    this.script = script;
    try {
      InetAddress here = InetAddress.getLoopbackAddress();
      server =
          tls == null
              ? new ServerSocket(0, 50, here)
              : tls.getServerSocketFactory().createServerSocket(0, 50, here);
      if (server instanceof SSLServerSocket secure && protocols.length > 0) {
        secure.setEnabledProtocols(protocols);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::accept, "provider");
    thread.setDaemon(true);
    thread.start();
  }

  /** An HTTP answer with JSON. */
  static Script json(int status, String body, String... headers) {
    return (request, out) -> out.write(response(status, "application/json", body, headers));
  }

  static byte[] response(int status, String type, String body, String... headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Type: ").append(type).append("\r\nContent-Length: ");
    head.append(bytes.length).append("\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(bytes);
    return all.toByteArray();
  }

  /** A complete answer of chat completions. */
  static String says(String text) {
    return """
        {"id": "c1", "model": "m-1", "choices": [{"index": 0, "finish_reason": "stop",
         "message": {"role": "assistant", "content": "%s"}}],
         "usage": {"prompt_tokens": 11, "completion_tokens": 7}}"""
        .formatted(text);
  }

  void script(Script next) {
    script = next;
  }

  int port() {
    return server.getLocalPort();
  }

  /** How many connections were accepted. */
  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread one = new Thread(() -> serve(socket), "provider-connection");
        one.setDaemon(true);
        one.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String request = read(in);
      while (request != null) {
        requests.add(request);
        script.answer(request, socket.getOutputStream());
        socket.getOutputStream().flush();
        request = read(in);
      }
    } catch (IOException e) {
      // The other side went away, or would not shake hands: that is what some tests are about.
    }
  }

  private static @Nullable String read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int one = in.read();
      if (one < 0) {
        return null;
      }
      bytes.write(one);
    }
    String head = bytes.toString(StandardCharsets.ISO_8859_1);
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ");
    int length =
        at < 0 ? 0 : Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at)).strip());
    return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
