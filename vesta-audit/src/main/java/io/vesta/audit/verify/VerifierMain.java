package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.Vkey;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The verifier as a program: {@code java -jar vesta-audit-<version>-verifier.jar <directory or
 * .tlog-proof> <log vkey> [<witness vkey> ...]}. Ends with status 0 only if all is well, and says
 * what was checked, what was found and where, and what it cannot know.
 */
public final class VerifierMain {

  private static final String USAGE =
      "usage: java -jar verifier.jar <export directory or .tlog-proof file> <log vkey>"
          + " [<witness vkey> ...]\n"
          + "Take the keys from a place that you trust, not from the directory.";

  private VerifierMain() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (!run(List.of(arguments), out)) {
      // All is said; what is left is the status 1 of a program that ends with an exception. To end
      // the virtual machine itself is no library's business.
      Thread.currentThread().setUncaughtExceptionHandler((thread, told) -> {});
      throw new IllegalStateException("not verified");
    }
  }

  /** Whether what the arguments name is verified. */
  static boolean run(List<String> arguments, PrintStream out) {
    if (arguments.size() < 2) {
      out.println(USAGE);
      return false;
    }
    try {
      List<Vkey> keys = new ArrayList<>();
      for (String written : arguments.subList(1, arguments.size())) {
        keys.add(Vkey.parse(written));
      }
      Path what = Path.of(arguments.get(0));
      Vkey log = requireKind(keys.get(0), Vkey.Kind.LOG);
      List<Vkey> witnesses = keys.subList(1, keys.size());
      witnesses.forEach(witness -> requireKind(witness, Vkey.Kind.WITNESS));
      return Files.isDirectory(what)
          ? directory(what, log, witnesses, out)
          : proof(what, log, witnesses, out);
    } catch (IllegalArgumentException e) {
      out.println("NOT VERIFIED: " + e.getMessage());
      return false;
    }
  }

  private static boolean directory(Path export, Vkey log, List<Vkey> witnesses, PrintStream out) {
    Report report = LogVerifier.verify(export, log, witnesses);
    out.println(report);
    if (report.ok()) {
      out.println(signed(log, witnesses));
    }
    return report.ok();
  }

  private static boolean proof(Path file, Vkey log, List<Vkey> witnesses, PrintStream out) {
    TlogProof proof = TlogProof.parse(ExportDirectory.read(file, "of the proof"));
    byte[] entry =
        proof.extra().orElseThrow(() -> new IllegalArgumentException("the proof holds no entry"));
    Checkpoint checkpoint = proof.verify(entry, log, witnesses);
    out.println("VERIFIED\n" + Report.head(checkpoint) + "\nentry  " + proof.index());
    out.println(printable(entry));
    out.println(signed(log, witnesses));
    out.println("Not known from here: the other entries of the log.");
    out.println(Report.UNKNOWN);
    return true;
  }

  private static String signed(Vkey log, List<Vkey> witnesses) {
    StringBuilder text = new StringBuilder("Signed by the log's key ").append(log.name());
    witnesses.forEach(witness -> text.append(" and by the witness ").append(witness.name()));
    return text.append('.').toString();
  }

  /** A stranger's bytes must not steer the reader's terminal. */
  private static String printable(byte[] entry) {
    return new String(entry, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }

  private static Vkey requireKind(Vkey key, Vkey.Kind kind) {
    if (key.kind() != kind) {
      throw new IllegalArgumentException(
          "the key " + key.name() + " is a " + key.kind() + "'s, and a " + kind + "'s is needed");
    }
    return key;
  }
}
