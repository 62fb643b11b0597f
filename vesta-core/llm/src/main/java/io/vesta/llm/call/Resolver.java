package io.vesta.llm.call;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host and refuses the whole answer if one of its addresses is not public, so that no
 * order and no second answer brings another. What it gives is what is connected to.
 */
final class Resolver implements DnsResolver {

  private static final String REFUSED = "the host has an address that is not public";
  private static final PublicAddresses PUBLIC = new PublicAddresses();

  private final DnsResolver names;

  /**
   * @param names asks the machine's resolver
   */
  Resolver(DnsResolver names) {
    this.names = names;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    if (addresses == null
        || addresses.length == 0
        || !Arrays.stream(addresses).allMatch(PUBLIC::holds)) {
      throw new UnknownHostException(REFUSED);
    }
    return addresses.clone();
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /** Whether a failure is the refusal of an answer; the client's interface knows no other type. */
  static boolean refused(IOException e) {
    return e instanceof UnknownHostException && REFUSED.equals(e.getMessage());
  }
}
