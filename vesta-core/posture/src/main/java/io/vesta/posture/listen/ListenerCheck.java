package io.vesta.posture.listen;

import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Holds what listens on this machine against what was declared. Fails if something listens beyond
 * loopback that was not declared, or further than declared, and if something declared does not
 * listen. Immutable.
 */
public final class ListenerCheck implements PostureCheck {

  private static final List<String> LIMITS =
      List.of(
          "other network name spaces, and ports that a container or router forwards here",
          "firewalls and security groups, which may open less",
          "SCTP, raw and local (unix) sockets",
          "which program owns a socket");

  private final ProcNet tables;
  private final boolean linux;
  private final List<Declared> declared;

  /**
   * @param declared everything that is meant to listen
   */
  public ListenerCheck(List<Declared> declared) {
    this(Path.of("/proc/self/net"), declared);
  }

  ListenerCheck(Path tables, List<Declared> declared) {
    this.tables = new ProcNet(tables);
    this.linux = Files.isDirectory(tables);
    this.declared = List.copyOf(declared);
  }

  @Override
  public String id() {
    return "listener-exposure.sockets";
  }

  @Override
  public Family family() {
    return Family.LISTENER_EXPOSURE;
  }

  @Override
  public Duration validity() {
    return Duration.ofHours(1);
  }

  @Override
  public Verdict check() {
    if (!linux) {
      return Verdict.unknown(
          Vantage.HOST, List.of(), LIMITS, "run it on Linux, or check the listeners by hand");
    }
    Set<Listener> listeners;
    try {
      listeners = tables.listeners();
    } catch (IOException e) {
      return Verdict.unknown(
          Vantage.HOST,
          List.of(new Evidence("/proc/net", "not readable whole")),
          LIMITS,
          "let this process read /proc/net");
    }
    List<Evidence> seen = new ArrayList<>();
    List<Evidence> wrong = new ArrayList<>();
    for (Listener one :
        listeners.stream().sorted(Comparator.comparing(Listener::toString)).toList()) {
      if (declared.stream().anyMatch(each -> each.covers(one))) {
        seen.add(new Evidence(one.toString(), "declared"));
      } else if (declared.stream().anyMatch(each -> each.isFor(one))) {
        wrong.add(new Evidence(one.toString(), "reachable further than declared"));
      } else if (one.isLoopback()) {
        seen.add(new Evidence(one.toString(), "loopback alone"));
      } else {
        wrong.add(new Evidence(one.toString(), "not declared"));
      }
    }
    for (Declared one : declared) {
      if (listeners.stream().noneMatch(one::isFor)) {
        wrong.add(new Evidence(one.protocol() + " " + one.port(), "declared and does not listen"));
      }
    }
    if (wrong.isEmpty()) {
      seen.add(new Evidence("/proc/net", listeners.size() + " listeners read"));
      return Verdict.pass(Vantage.HOST, seen, LIMITS);
    }
    return Verdict.fail(
        Vantage.HOST, wrong, LIMITS, "close what was not meant, or declare it with its reach");
  }
}
