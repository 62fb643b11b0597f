package io.vesta.llm.call;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Which addresses may belong to a public provider: global unicast (2000::/3 in IPv6) outside the
 * special-purpose blocks of a dated table. {@code InetAddress.isSiteLocalAddress} and its like know
 * neither shared address space nor unique-local nor embedded addresses. Immutable.
 */
final class PublicAddresses {

  private static final String TABLE = "special-purpose-addresses.txt";

  private final IPAddress unicast = block("2000::/3");
  private final List<IPAddress> special;

  PublicAddresses() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(PublicAddresses.class.getResourceAsStream(TABLE), TABLE),
                StandardCharsets.UTF_8))) {
      special =
          lines
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> block(line.substring(0, line.indexOf(' '))))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether an address may be connected to in production. */
  boolean holds(InetAddress address) {
    IPAddress one = new IPAddressNetwork.IPAddressGenerator().from(address.getAddress());
    // A literal ::ffff:a.b.c.d comes out of Java as IPv4 already; ::/8 takes what does not.
    boolean reachable = !(one instanceof IPv6Address) || unicast.contains(one);
    return reachable && special.stream().noneMatch(block -> block.contains(one));
  }

  private static IPAddress block(String text) {
    return new IPAddressString(text).getAddress();
  }
}
