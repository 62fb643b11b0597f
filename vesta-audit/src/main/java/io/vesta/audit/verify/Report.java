package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a verification found.
 *
 * @param checkpoint what the trusted key signed; empty if there is no such checkpoint
 * @param pruned how many first entries are gone by a decision that the log itself tells
 * @param entries how many entries were read and hashed
 * @param findings what is wrong, at most 1,000; empty if nothing is
 */
public record Report(
    Optional<Checkpoint> checkpoint, long pruned, long entries, List<Finding> findings) {

  static final int MOST_FINDINGS = 1_000;

  /** What no verification of files can tell. */
  static final String UNKNOWN =
      "Not known from here: whether a longer or another log was shown to somebody else (compare the"
          + " checkpoint with one that a witness or auditor kept), whether what the entries say is"
          + " true, and whether an act was never recorded.";

  /** Copies the list. */
  public Report {
    findings = List.copyOf(findings);
  }

  /** Whether the log is, entry by entry, what the trusted key signed. */
  public boolean ok() {
    return checkpoint.isPresent() && findings.isEmpty();
  }

  /** The lowest index that a finding names; empty if none does. */
  public OptionalLong firstBad() {
    return findings.stream().flatMapToLong(finding -> finding.index().stream()).min();
  }

  /** The same report with more findings. */
  public Report and(List<Finding> more) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(more);
    return new Report(
        checkpoint, pruned, entries, all.subList(0, Math.min(all.size(), MOST_FINDINGS)));
  }

  /** For people: what was checked, what was found, and what no such check can know. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(ok() ? "VERIFIED" : "NOT VERIFIED");
    checkpoint.ifPresent(signed -> text.append('\n').append(head(signed)));
    text.append("\n").append(entries).append(" entries were read, hashed and compared.");
    if (pruned > 0) {
      text.append("\nThe first ").append(pruned);
      text.append(
          " entries were pruned: their hashes hold the tree together, their bytes are gone.");
    }
    firstBad()
        .ifPresent(index -> text.append("\nThe first bad entry is ").append(index).append('.'));
    findings.stream().limit(20).forEach(finding -> text.append("\n- ").append(finding));
    if (findings.size() > 20) {
      text.append("\n- and ").append(findings.size() - 20).append(" more");
    }
    return text.append('\n').append(UNKNOWN).toString();
  }

  static String head(Checkpoint signed) {
    return "origin "
        + signed.origin()
        + "\nsize   "
        + signed.size()
        + "\nroot   "
        + signed.root().base64();
  }
}
