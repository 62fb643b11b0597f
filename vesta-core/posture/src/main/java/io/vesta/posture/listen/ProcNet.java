package io.vesta.posture.listen;

import io.vesta.posture.listen.Listener.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Reads Linux's tables of sockets (proc(5), {@code /proc/net/tcp}): addresses are words in the
 * machine's byte order, in hexadecimal. A table that cannot be read whole is an error, never a
 * shorter list. Immutable.
 */
final class ProcNet {

  private static final int LISTENING = 0x0A;
  private static final int UNCONNECTED = 0x07;
  private static final int FEWEST_COLUMNS = 10;

  private final Path directory;

  /**
   * @param directory such as {@code /proc/self/net}
   */
  ProcNet(Path directory) {
    this.directory = directory;
  }

  /**
   * Everything that listens in this network name space, in the order of the tables, each once.
   *
   * @throws IOException if a table is missing, unreadable, cut off or of another form
   */
  Set<Listener> listeners() throws IOException {
    List<Listener> all = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      String name = protocol == Protocol.TCP ? "tcp" : "udp";
      all.addAll(read(protocol, directory.resolve(name)));
      Path six = directory.resolve(name + "6");
      // A kernel without IPv6 has neither this table nor that of its addresses.
      if (Files.exists(six) || Files.exists(directory.resolve("if_inet6"))) {
        all.addAll(read(protocol, six));
      }
    }
    return new HashSet<>(all);
  }

  private static List<Listener> read(Protocol protocol, Path table) throws IOException {
    String text = Files.readString(table, StandardCharsets.US_ASCII);
    if (!text.stripLeading().startsWith("sl ") || !text.endsWith("\n")) {
      throw new IOException(table + " is cut off or no table of sockets");
    }
    List<Listener> listeners = new ArrayList<>();
    List<String> lines = text.lines().skip(1).toList();
    for (String line : lines) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length < FEWEST_COLUMNS) {
        throw new IOException(table + " has a line that is cut off");
      }
      try {
        int state = HexFormat.fromHexDigits(columns[3]);
        if (state == (protocol == Protocol.TCP ? LISTENING : UNCONNECTED)) {
          listeners.add(listener(protocol, columns[1]));
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(table + " has a line of another form", e);
      }
    }
    return listeners;
  }

  private static Listener listener(Protocol protocol, String local) throws IOException {
    int colon = local.indexOf(':');
    byte[] words = HexFormat.of().parseHex(local.substring(0, Math.max(colon, 0)));
    if (words.length != 4 && words.length != 16) {
      throw new IllegalArgumentException("neither four bytes nor sixteen");
    }
    ByteBuffer written = ByteBuffer.wrap(words);
    ByteBuffer address = ByteBuffer.allocate(words.length).order(ByteOrder.nativeOrder());
    while (written.hasRemaining()) {
      address.putInt(written.getInt());
    }
    // InetAddress makes an IPv4 address of a mapped one, as which Java's sockets show here.
    return new Listener(
        protocol,
        InetAddress.getByAddress(address.array()),
        HexFormat.fromHexDigits(local.substring(colon + 1)));
  }
}
