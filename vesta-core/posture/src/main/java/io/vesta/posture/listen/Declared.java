package io.vesta.posture.listen;

import io.vesta.core.error.VestaException;
import io.vesta.posture.listen.Listener.Protocol;
import java.util.Objects;

/**
 * A listener that somebody meant.
 *
 * @param protocol TCP or UDP
 * @param port 1 to 65535
 * @param reach how far it may be reached
 * @param why what it is for, without secrets
 */
public record Declared(Protocol protocol, int port, Reach reach, String why) {

  /** How far a listener may be reached. */
  public enum Reach {
    /** From this machine alone. */
    LOOPBACK,
    /** From a private network: the address that it is bound to must be private. */
    PRIVATE,
    /** From anywhere. */
    PUBLIC
  }

  /** Checks presence and range. */
  public Declared {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(reach, "reach");
    if (port < 1 || port > 65_535) {
      throw VestaException.invalid("port", String.valueOf(port), "use 1 to 65535");
    }
    if (Objects.requireNonNull(why, "why").isBlank()) {
      throw VestaException.invalid("why", "blank", "say what it is for");
    }
  }

  /** Whether it is the listener that was meant, reachable no further than was meant. */
  boolean covers(Listener listener) {
    return isFor(listener)
        && switch (reach) {
          case LOOPBACK -> listener.isLoopback();
          case PRIVATE ->
              listener.isLoopback()
                  || listener.address().isSiteLocalAddress()
                  || listener.address().isLinkLocalAddress()
                  || uniqueLocal(listener);
          case PUBLIC -> true;
        };
  }

  boolean isFor(Listener listener) {
    return listener.protocol() == protocol && listener.port() == port;
  }

  /** RFC 4193, which InetAddress does not know. */
  private static boolean uniqueLocal(Listener listener) {
    byte[] bytes = listener.address().getAddress();
    return bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
  }
}
