package io.vesta.posture.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vesta.core.error.VestaException;
import io.vesta.posture.check.Outcome;
import io.vesta.posture.check.Verdict;
import io.vesta.posture.listen.Declared.Reach;
import io.vesta.posture.listen.Listener.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets beside {@code ss}, and tables that a test writes. */
class ListenerCheckTest {

  private static final String HEAD =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private int tcp(String address) throws IOException {
    ServerSocket socket = new ServerSocket();
    open.add(socket);
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
    return socket.getLocalPort();
  }

  private static String line(String local, String state) {
    return "   0: "
        + local
        + " 00000000:0000 "
        + state
        + " 00000000:00000000 00:00000000 0 0 0 1\n";
  }

  private static ListenerCheck over(Path tables, Declared... declared) {
    return new ListenerCheck(tables, List.of(declared));
  }

  private static Path tables(Path directory, String tcp, String tcp6) throws IOException {
    Files.writeString(directory.resolve("tcp"), tcp);
    Files.writeString(directory.resolve("tcp6"), tcp6);
    Files.writeString(directory.resolve("udp"), HEAD);
    Files.writeString(directory.resolve("udp6"), HEAD);
    return directory;
  }

  private static Declared declared(int port, Reach reach) {
    return new Declared(Protocol.TCP, port, reach, "the web server");
  }

  private static String places(Verdict verdict) {
    return verdict.evidence().toString();
  }

  @Test
  void what_ss_sees_is_seen_here_too() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ss")), "no ss here");
    for (String address : List.of("0.0.0.0", "127.0.0.1", "127.0.0.2", "::1", "::")) {
      tcp(address);
    }
    Process ss = new ProcessBuilder("/usr/bin/ss", "-ltnH").start();
    Set<String> expected = new TreeSet<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(ss.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String local = line.strip().split("\\s+", -1)[3];
        expected.add(plain(local));
      }
    }
    assertEquals(0, ss.waitFor());
    Set<String> seen =
        new ProcNet(Path.of("/proc/self/net"))
            .listeners().stream()
                .filter(one -> one.protocol() == Protocol.TCP)
                .map(one -> one.address().getHostAddress() + " " + one.port())
                .collect(Collectors.toCollection(TreeSet::new));
    // Other programs come and go between the two looks; ours stay.
    for (AutoCloseable ours : open) {
      int port = ((ServerSocket) ours).getLocalPort();
      assertEquals(ending(expected, port), ending(seen, port));
      assertEquals(1, ending(seen, port).size());
    }
  }

  private static Set<String> ending(Set<String> all, int port) {
    return all.stream()
        .filter(one -> one.endsWith(" " + port))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** As Java writes addresses: ss writes brackets, stars, and mapped addresses in full. */
  private static String plain(String local) throws IOException {
    int colon = local.lastIndexOf(':');
    String host = local.substring(0, colon).replace("[", "").replace("]", "");
    String address = host.replace("%lo", "").equals("*") ? "::" : host.replace("%lo", "");
    return InetAddress.getByName(address).getHostAddress() + " " + local.substring(colon + 1);
  }

  @Test
  void a_listener_of_another_name_space_is_not_ours() throws Exception {
    Path unshare = Path.of("/usr/bin/unshare");
    assumeTrue(Files.isExecutable(unshare), "no unshare here");
    Process other =
        new ProcessBuilder(
                unshare.toString(),
                "-rn",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(other.getInputStream(), StandardCharsets.US_ASCII));
      String said = out.readLine();
      assumeTrue(said != null && said.matches("[0-9]+"), "name spaces may not be made: " + said);
      int port = Integer.parseInt(said);
      Path theirs = Path.of("/proc/" + other.pid() + "/net");
      assertTrue(ports(theirs).contains(port), "it is there");
      assertFalse(ports(Path.of("/proc/self/net")).contains(port));
    } finally {
      other.destroyForcibly();
    }
  }

  private static Set<Integer> ports(Path tables) throws IOException {
    return new ProcNet(tables).listeners().stream().map(Listener::port).collect(Collectors.toSet());
  }

  /** Listens in the name space that it is started in. */
  static final class Elsewhere {

    private Elsewhere() {}

    /** Prints its port and waits to be killed. */
    public static void main(String[] args) throws IOException {
      try (ServerSocket socket = new ServerSocket(0)) {
        System.out.println(socket.getLocalPort());
        socket.accept();
      }
    }
  }

  @Test
  void datagrams_are_waited_for_too_and_connections_are_no_listeners() throws Exception {
    DatagramSocket datagrams = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    open.add(datagrams);
    int port = tcp("127.0.0.1");
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    open.add(client);
    Set<Listener> all = new ProcNet(Path.of("/proc/self/net")).listeners();
    assertTrue(
        all.contains(
            new Listener(
                Protocol.UDP, InetAddress.getLoopbackAddress(), datagrams.getLocalPort())));
    assertFalse(all.stream().anyMatch(one -> one.port() == client.getLocalPort()));
  }

  @Test
  void what_was_not_declared_reaches_too_far_or_is_missing_is_told(@TempDir Path directory)
      throws IOException {
    Path tables =
        tables(
            directory,
            HEAD
                + line("00000000:01BB", "0A") // 0.0.0.0:443
                + line("0100007F:1F90", "0A") // 127.0.0.1:8080
                + line("0100000A:1F91", "0A") // 10.0.0.1:8081
                + line("00000000:1F92", "01"), // connected
            HEAD
                + line("0000000000000000FFFF00000100007F:1F93", "0A") // mapped 127.0.0.1
                + line("00000000000000000000000001000000:1F94", "0A")); // ::1
    Verdict well = over(tables, declared(443, Reach.PUBLIC), declared(8081, Reach.PRIVATE)).check();
    assertEquals(Outcome.PASS, well.outcome(), well::toString);
    assertTrue(places(well).contains("tcp 127.0.0.1:8083"), "as the IPv4 address that it is");
    Verdict undeclared = over(tables, declared(443, Reach.PUBLIC)).check();
    assertEquals(Outcome.FAIL, undeclared.outcome());
    assertTrue(places(undeclared).contains("tcp 10.0.0.1:8081"));
    for (Reach reach : List.of(Reach.LOOPBACK, Reach.PRIVATE)) {
      Verdict further = over(tables, declared(443, reach), declared(8081, Reach.PRIVATE)).check();
      assertEquals(Outcome.FAIL, further.outcome());
      assertTrue(places(further).contains("reachable further than declared"));
    }
    Verdict missing =
        over(
                tables,
                declared(443, Reach.PUBLIC),
                declared(8081, Reach.PRIVATE),
                declared(9999, Reach.PUBLIC))
            .check();
    assertEquals(Outcome.FAIL, missing.outcome());
    assertTrue(places(missing).contains("declared and does not listen"));
  }

  @Test
  void an_ipv6_wildcard_is_as_wide_as_any(@TempDir Path directory) throws IOException {
    Path tables = tables(directory, HEAD, HEAD + line("0".repeat(32) + ":01BB", "0A"));
    assertEquals(Outcome.FAIL, over(tables, declared(443, Reach.PRIVATE)).check().outcome());
    assertEquals(Outcome.PASS, over(tables, declared(443, Reach.PUBLIC)).check().outcome());
    assertEquals(Outcome.FAIL, over(tables).check().outcome());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no table\n",
        "  sl  local_address rem_address   st",
        "  sl  local\n   0: 00000000:01BB 00000000:0000 0A\n",
        "  sl  local\n   0: 0000000:01BB 00000000:0000 0A 0 0 0 0 0 0 1\n",
        "  sl  local\n   0: 00000000:XYZ 00000000:0000 0A 0 0 0 0 0 0 1\n",
        "  sl  local\n   0: 0000000001BB 00000000:0000 0A 0 0 0 0 0 0 1\n",
        "  sl  local\n   0: 00000000:01BB 00000000:0000 0G 0 0 0 0 0 0 1\n",
        "  sl  local\n   0: 00000000:01BB 00000000:0000 0A 0 0 0 0 0 0 1"
      })
  void a_table_that_is_cut_off_or_malformed_is_unknown(String table, @TempDir Path directory)
      throws IOException {
    assertEquals(Outcome.UNKNOWN, over(tables(directory, table, HEAD)).check().outcome());
    assertEquals(Outcome.UNKNOWN, over(tables(directory, HEAD, table)).check().outcome());
  }

  @Test
  void a_kernel_without_ipv6_is_known_from_a_table_that_is_gone(@TempDir Path directory)
      throws IOException {
    Path tables = tables(directory, HEAD, HEAD);
    Files.delete(tables.resolve("tcp6"));
    Files.delete(tables.resolve("udp6"));
    assertEquals(Outcome.PASS, over(tables).check().outcome());
    Files.writeString(tables.resolve("if_inet6"), "");
    assertEquals(Outcome.UNKNOWN, over(tables).check().outcome());
    assertEquals(Outcome.UNKNOWN, over(tables.resolve("none")).check().outcome());
  }

  @Test
  void many_sockets_are_read_whole(@TempDir Path directory) throws IOException {
    String many = line("0100007F:1F90", "01").repeat(100_000) + line("00000000:01BB", "0A");
    Verdict verdict = over(tables(directory, HEAD + many, HEAD)).check();
    assertTrue(places(verdict).contains("tcp 0.0.0.0:443"));
  }

  @Test
  void a_declaration_says_what_it_is_for() {
    assertThrows(VestaException.class, () -> declared(0, Reach.PUBLIC));
    assertThrows(VestaException.class, () -> declared(70_000, Reach.PUBLIC));
    assertThrows(VestaException.class, () -> new Declared(Protocol.TCP, 1, Reach.PUBLIC, " "));
  }

  @Test
  void a_local_model_is_known_by_port_variable_and_first_page(@TempDir Path directory)
      throws Exception {
    Path none = tables(directory, HEAD, HEAD);
    assertEquals(Outcome.PASS, new LocalModelCheck(none, Map.of()).check().outcome());
    for (String value : List.of("0.0.0.0", ":11434", "http://[::]:80", "", "\"127.0.0.1\"")) {
      assertEquals(
          Outcome.FAIL, new LocalModelCheck(none, Map.of("OLLAMA_HOST", value)).check().outcome());
    }
    Verdict port =
        new LocalModelCheck(tables(directory, HEAD + line("0100007F:2CAA", "0A"), HEAD), Map.of())
            .check();
    assertTrue(places(port).contains("listens on Ollama's port"));
    assertTrue(page("HTTP/1.0 200 OK\r\n\r\nOllama is running").contains("answers as a program"));
    assertTrue(page("HTTP/1.0 200 OK\r\nServer: llama.cpp\r\n\r\n{}").contains("answers as"));
    assertEquals("", page("HTTP/1.0 200 OK\r\n\r\nhello"));
    assertEquals("", page(""));
    assertEquals(
        Outcome.UNKNOWN,
        new LocalModelCheck(directory.resolve("none"), Map.of()).check().outcome());
  }

  /** What a check says of one loopback listener that answers like this; empty if all is well. */
  private String page(String answer) throws Exception {
    ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    open.add(server);
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = server.accept()) {
                socket.getInputStream().read(new byte[512]);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
              } catch (IOException e) {
                // The test is over.
              }
            });
    thread.start();
    Path directory = Files.createTempDirectory("tables");
    String hex = String.format("0100007F:%04X", server.getLocalPort());
    Verdict verdict =
        new LocalModelCheck(tables(directory, HEAD + line(hex, "0A"), HEAD), Map.of()).check();
    thread.join();
    return verdict.outcome() == Outcome.PASS ? "" : places(verdict);
  }
}
