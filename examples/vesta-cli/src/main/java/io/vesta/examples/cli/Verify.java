package io.vesta.examples.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.audit.note.Checkpoint;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.verify.LogVerifier;
import io.vesta.audit.verify.Report;
import io.vesta.audit.verify.TlogProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vesta verify}: checks an exported log, or the proof of one entry, against keys. */
@Command(
    name = "verify",
    description = {
      "Checks an exported audit log (a C2SP tlog-tiles directory) or a .tlog-proof file.",
      "Says nothing of entries after the checkpoint, nor whether another log was shown to others:"
          + " compare the checkpoint with one kept elsewhere, or ask for a witness's signature."
    },
    mixinStandardHelpOptions = true)
final class Verify implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "WHAT", description = "The directory or the proof.")
  private Path what = Path.of(".");

  @Option(
      names = "--key",
      required = true,
      paramLabel = "VKEY|FILE",
      description = "The log's verifier key, or a file that holds it, from a place that you trust.")
  private String key = "";

  @Option(
      names = "--witness",
      paramLabel = "VKEY|FILE",
      description = "A witness that has to have signed too; may be repeated.")
  private List<String> witnesses = List.of();

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    boolean well;
    String words;
    try {
      Vkey log = key(key);
      List<Vkey> others = new ArrayList<>();
      for (String witness : witnesses) {
        others.add(key(witness));
      }
      if (Files.isDirectory(what)) {
        Report report = LogVerifier.verify(what, log, others);
        well = report.ok();
        words = report.toString();
        told.put("entries", report.entries());
        report.checkpoint().ifPresent(checkpoint -> told.put("origin", checkpoint.origin()));
        report.firstBad().ifPresent(index -> told.put("firstBad", index));
        report.findings().forEach(finding -> told.withArray("/findings").add(finding.toString()));
      } else {
        TlogProof proof = TlogProof.parse(Files.readAllBytes(what));
        byte[] entry =
            proof
                .extra()
                .orElseThrow(() -> new IllegalArgumentException("the proof holds no entry"));
        Checkpoint signed = proof.verify(entry, log, others);
        well = true;
        words =
            "VERIFIED: entry "
                + proof.index()
                + " of "
                + signed.origin()
                + "\n"
                + new String(entry, StandardCharsets.UTF_8);
        told.put("index", proof.index()).put("origin", signed.origin());
      }
    } catch (IllegalArgumentException e) {
      well = false;
      words = "NOT VERIFIED: " + e.getMessage();
      told.withArray("/findings").add(String.valueOf(e.getMessage()));
    }
    told.put("verified", well);
    PrintWriter out = Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
    out.println(json ? told : words);
    return well ? VestaCli.WELL : VestaCli.NOT_WELL;
  }

  private static Vkey key(String given) throws IOException {
    Path file = Path.of(given);
    return Vkey.parse(Files.isRegularFile(file) ? Files.readString(file).strip() : given);
  }
}
