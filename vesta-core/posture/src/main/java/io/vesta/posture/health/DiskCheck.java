package io.vesta.posture.health;

import io.vesta.core.error.VestaException;
import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether the file systems of some paths have room left. Immutable. */
public final class DiskCheck implements PostureCheck {

  private static final List<String> LIMITS =
      List.of("quotas", "inodes", "how fast the room is used up");

  private final List<Path> paths;
  private final long bytes;

  /**
   * @param paths where data, logs and backups lie; not empty
   * @param bytes how many each must have left
   */
  public DiskCheck(List<Path> paths, long bytes) {
    this.paths = List.copyOf(paths);
    this.bytes = bytes;
    if (this.paths.isEmpty() || bytes < 1) {
      throw VestaException.invalid("disk check", "without a path or a size", "name both");
    }
  }

  @Override
  public String id() {
    return "target-health.disk";
  }

  @Override
  public Family family() {
    return Family.TARGET_HEALTH;
  }

  @Override
  public Duration validity() {
    return Duration.ofMinutes(15);
  }

  @Override
  public Verdict check() {
    List<Evidence> well = new ArrayList<>();
    List<Evidence> wrong = new ArrayList<>();
    for (Path path : paths) {
      try {
        FileStore store = Files.getFileStore(path);
        String left = (store.getUsableSpace() >> 20) + " MiB left";
        (store.getUsableSpace() < bytes ? wrong : well).add(new Evidence(path.toString(), left));
      } catch (IOException e) {
        return Verdict.unknown(
            Vantage.HOST,
            List.of(new Evidence(path.toString(), "cannot be looked at")),
            LIMITS,
            "name a path that is there");
      }
    }
    return wrong.isEmpty()
        ? Verdict.pass(Vantage.HOST, well, LIMITS)
        : Verdict.fail(Vantage.HOST, wrong, LIMITS, "make room, or move to a larger disk");
  }
}
