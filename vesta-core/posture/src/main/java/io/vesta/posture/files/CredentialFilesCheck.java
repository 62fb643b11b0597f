package io.vesta.posture.files;

import io.vesta.core.secret.CredentialFile;
import io.vesta.posture.check.Evidence;
import io.vesta.posture.check.Family;
import io.vesta.posture.check.PostureCheck;
import io.vesta.posture.check.Vantage;
import io.vesta.posture.check.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether each credential file keeps the rules of {@link CredentialFile}. Immutable. */
public final class CredentialFilesCheck implements PostureCheck {

  private static final List<String> LIMITS =
      List.of(
          "access control lists beyond the permission bits",
          "copies elsewhere, such as in backups and images");

  private final List<CredentialFile> files;

  /**
   * @param files every file that holds a credential
   */
  public CredentialFilesCheck(List<CredentialFile> files) {
    this.files = List.copyOf(files);
  }

  @Override
  public String id() {
    return "configuration.credential-files";
  }

  @Override
  public Family family() {
    return Family.CONFIGURATION;
  }

  @Override
  public Duration validity() {
    return Duration.ofHours(1);
  }

  @Override
  public Verdict check() {
    if (files.isEmpty()) {
      return Verdict.notApplicable(Vantage.FILES, "no credential file is declared");
    }
    List<Evidence> well = new ArrayList<>();
    List<Evidence> wrong = new ArrayList<>();
    List<Evidence> unseen = new ArrayList<>();
    for (CredentialFile file : files) {
      String place = file.path().toString();
      try {
        List<String> faults = file.faults();
        if (faults.isEmpty()) {
          well.add(new Evidence(place, "owner alone, outside what is served"));
        }
        faults.forEach(fault -> wrong.add(new Evidence(place, fault)));
      } catch (IOException | UnsupportedOperationException e) {
        unseen.add(new Evidence(place, "cannot be looked at"));
      }
    }
    if (!wrong.isEmpty()) {
      return Verdict.fail(Vantage.FILES, wrong, LIMITS, "mend each file as its fault says");
    } else if (!unseen.isEmpty()) {
      return Verdict.unknown(
          Vantage.FILES, unseen, LIMITS, "declare files that are there, on a POSIX file system");
    }
    return Verdict.pass(Vantage.FILES, well, LIMITS);
  }
}
