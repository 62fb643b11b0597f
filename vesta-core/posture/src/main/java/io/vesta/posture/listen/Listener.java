package io.vesta.posture.listen;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * A socket that waits for others.
 *
 * @param protocol TCP or UDP
 * @param address the local address; a mapped IPv6 address is told as the IPv4 address that it is
 * @param port 1 to 65535
 */
public record Listener(Protocol protocol, InetAddress address, int port) {

  /** What is listened for. */
  public enum Protocol {
    /** Connections. */
    TCP,
    /** Datagrams. */
    UDP
  }

  /** Checks presence. */
  public Listener {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(address, "address");
  }

  /** Whether only this machine reaches it. */
  public boolean isLoopback() {
    return address.isLoopbackAddress();
  }

  /** Such as {@code tcp 0.0.0.0:8443}. */
  @Override
  public String toString() {
    return protocol.name().toLowerCase(Locale.ROOT) + " " + address.getHostAddress() + ":" + port;
  }
}
