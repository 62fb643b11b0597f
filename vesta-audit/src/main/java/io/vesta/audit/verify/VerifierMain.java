package io.vesta.audit.verify;

import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.Vkey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The verifier as a program: {@code java -cp vesta-audit.jar io.vesta.audit.verify.VerifierMain
 * <directory or .tlog-proof> <log vkey> [<witness vkey> ...]}. Ends with status 0 only if all is
 * well.
 */
public final class VerifierMain {

  private static final String USAGE =
      "usage: <export directory or .tlog-proof file> <log vkey> [<witness vkey> ...]";

  private VerifierMain() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (!run(List.of(arguments), out)) {
      // Ends the program with status 1; a library may not end its host's virtual machine.
      throw new IllegalArgumentException("not verified");
    }
  }

  /** Whether what the arguments name is verified. */
  static boolean run(List<String> arguments, PrintStream out) throws IOException {
    if (arguments.size() < 2) {
      out.println(USAGE);
      return false;
    }
    List<Vkey> keys = new ArrayList<>();
    for (String written : arguments.subList(1, arguments.size())) {
      keys.add(Vkey.parse(written));
    }
    Path what = Path.of(arguments.get(0));
    Vkey log = keys.get(0);
    List<Vkey> witnesses = keys.subList(1, keys.size());
    if (Files.isDirectory(what)) {
      Report report = LogVerifier.verify(what, log, witnesses);
      out.println(report);
      return report.ok();
    }
    try {
      TlogProof proof = TlogProof.parse(Files.readAllBytes(what));
      byte[] entry =
          proof.extra().orElseThrow(() -> new IllegalArgumentException("the proof holds no entry"));
      Checkpoint signed = proof.verify(entry, log, witnesses);
      out.println("VERIFIED\norigin " + signed.origin() + "\nentry  " + proof.index());
      out.println(new String(entry, StandardCharsets.UTF_8));
      return true;
    } catch (IllegalArgumentException e) {
      out.println("NOT VERIFIED: " + e.getMessage());
      return false;
    }
  }
}
