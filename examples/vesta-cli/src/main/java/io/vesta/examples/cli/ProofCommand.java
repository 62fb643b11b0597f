package io.vesta.examples.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.audit.entry.AuditEntry;
import io.vesta.audit.note.Vkey;
import io.vesta.audit.verify.TlogProof;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.error.VestaException;
import io.vesta.proof.protect.Protection;
import io.vesta.proof.publish.Canaries;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.proof.publish.Publication;
import io.vesta.proof.signed.Manifest;
import io.vesta.proof.signed.ProofVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vesta proof}: figures for the public from a file of rows, signed. */
@Command(
    name = "proof",
    description = {
      "Publishes figures from a CSV file: index.html, proof.json, cells.csv, dataset.jsonld, proof.jws"
          + " and the audit log's proof.",
      "Whoever runs it approves what comes out in the name of the spec's broker."
    },
    mixinStandardHelpOptions = true,
    subcommands = {ProofCommand.Verify.class, ProofCommand.Retract.class})
final class ProofCommand implements Callable<Integer> {

  static final String SIGNATURE = "proof.jws";
  static final String LOG_PROOF = "proof.tlog-proof";
  static final String RETRACTION = "retraction.jws";

  @Spec private @Nullable CommandSpec command;

  @Option(names = "--spec", paramLabel = "FILE", description = "What to show, as JSON.")
  private @Nullable Path spec;

  @Option(names = "--data", paramLabel = "FILE", description = "The rows, as CSV with a header.")
  private @Nullable Path data;

  @Option(names = "--out", paramLabel = "FOLDER", description = "Where the public files go.")
  private @Nullable Path out;

  @Option(
      names = "--state",
      paramLabel = "FOLDER",
      description =
          "Ledger and keys, private: <spec>.state if left out. Keep it, or later releases are not"
              + " held against earlier ones.")
  private @Nullable Path state;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CommandLine line = Objects.requireNonNull(command, "set by picocli").commandLine();
    if (spec == null || data == null || out == null) {
      throw new CommandLine.ParameterException(line, "--spec, --data and --out are needed");
    }
    Path folder = state == null ? Path.of(spec + ".state") : state;
    if (folder.toAbsolutePath().normalize().startsWith(out.toAbsolutePath().normalize())) {
      throw new CommandLine.ParameterException(line, "--state is private; keep it outside --out");
    }
    try {
      ProofFile file = ProofFile.read(spec);
      List<CSVRecord> rows = ProofFile.records(data);
      try (ProofState held = new ProofState(folder, file.brokerage(), file.broker())) {
        Protection protection = file.protect(held.protector(), rows);
        Canaries canaries = file.canaries(rows);
        ProofPublisher publisher = held.publisher();
        publisher.approve(
            held.broker(), publisher.review(held.broker(), file.claim(), protection, canaries));
        Publication published =
            publisher.publish(held.broker(), file.claim(), protection, canaries);
        Files.createDirectories(out);
        for (var each : published.files().entrySet()) {
          Files.write(out.resolve(each.getKey()), each.getValue());
        }
        Files.write(out.resolve(SIGNATURE), published.signature().orElseThrow());
        Files.writeString(out.resolve(LOG_PROOF), held.proof(published.auditEntry()).toString());
        Manifest manifest = published.manifest();
        ObjectNode told =
            JsonNodeFactory.instance
                .objectNode()
                .put("claim", manifest.claim())
                .put("number", manifest.number())
                .put("release", manifest.release().toString())
                .put("rows", protection.rows())
                .put("rejected", protection.rejected().size())
                .put("shown", published.table().shown())
                .put("withheld", published.table().withheld())
                .put("notRenewed", published.refusals().size())
                .put("expires", manifest.expires().toString());
        line.getOut()
            .println(
                json
                    ? told
                    : "Release "
                        + manifest.number()
                        + " of "
                        + manifest.claim()
                        + ": "
                        + published.table().shown()
                        + " figures shown, "
                        + published.table().withheld()
                        + " withheld, from "
                        + protection.rows()
                        + " rows; give "
                        + folder.resolve("keys.json")
                        + " to whoever verifies.");
        return VestaCli.WELL;
      }
    } catch (VestaException | IllegalArgumentException | DateTimeException | IOException e) {
      line.getErr().println(e.getMessage());
      return VestaCli.NOT_WELL;
    }
  }

  /** {@code vesta proof verify}. */
  @Command(
      name = "verify",
      description = {
        "Checks a published folder against keys from a place that you trust.",
        "Says nothing of later releases, nor whether the figures are right: that takes the rows."
      },
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {

    @Spec private @Nullable CommandSpec command;

    @Parameters(paramLabel = "FOLDER", description = "The published files.")
    private Path folder = Path.of(".");

    @Option(
        names = "--keys",
        required = true,
        paramLabel = "FILE",
        description = "The brokerage's public keys, a JWK set.")
    private Path keys = Path.of("");

    @Option(
        names = "--log-key",
        paramLabel = "FILE",
        description = "The audit log's verifier key: checks the log's proof too.")
    private @Nullable Path logKey;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
      CommandLine line = Objects.requireNonNull(command, "set by picocli").commandLine();
      try {
        return verify(line);
      } catch (VestaException | IOException e) {
        line.getErr().println(e.getMessage());
        return VestaCli.NOT_WELL;
      }
    }

    private int verify(CommandLine line) throws IOException {
      Map<String, byte[]> files = new TreeMap<>();
      try (var all = Files.list(folder)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        }
      }
      byte @Nullable [] signature = files.remove(SIGNATURE);
      byte @Nullable [] logProof = files.remove(LOG_PROOF);
      byte @Nullable [] retraction = files.remove(RETRACTION);
      List<String> findings = new ArrayList<>();
      ObjectNode told = JsonNodeFactory.instance.objectNode();
      ProofVerifier.Verdict verdict =
          new ProofVerifier(Files.readString(keys))
              .verify(
                  signature == null ? new byte[0] : signature,
                  files,
                  retraction == null ? List.of() : List.of(retraction),
                  Clock.systemUTC().instant());
      verdict.findings().forEach(f -> findings.add(f.fault() + ": " + f.detail()));
      if (logKey != null && verdict.manifest().isPresent()) {
        try {
          logged(logProof, verdict.manifest().get(), Vkey.parse(Files.readString(logKey).strip()));
        } catch (IllegalArgumentException e) {
          findings.add("LOG: " + e.getMessage());
        }
      }
      verdict
          .manifest()
          .ifPresent(
              manifest ->
                  told.put("claim", manifest.claim())
                      .put("number", manifest.number())
                      .put("notice", manifest.notice())
                      .put("expires", manifest.expires().toString()));
      told.put("verified", findings.isEmpty());
      findings.forEach(finding -> told.withArray("/findings").add(finding));
      line.getOut()
          .println(
              json
                  ? told
                  : findings.isEmpty()
                      ? "VERIFIED: release "
                          + told.path("number").asInt()
                          + " of "
                          + told.path("claim").asText()
                          + "\n"
                          + told.path("notice").asText()
                      : "NOT VERIFIED\n" + String.join("\n", findings));
      return findings.isEmpty() ? VestaCli.WELL : VestaCli.NOT_WELL;
    }

    /** The entry of the log holds this manifest's digest. */
    private static void logged(byte @Nullable [] bytes, Manifest manifest, Vkey log) {
      if (bytes == null) {
        throw new IllegalArgumentException(LOG_PROOF + " is missing");
      }
      TlogProof proof = TlogProof.parse(bytes);
      byte[] entry =
          proof.extra().orElseThrow(() -> new IllegalArgumentException("the proof holds no entry"));
      proof.verify(entry, log, List.of());
      AuditValue logged = AuditEntry.parse(entry).details().get("manifest");
      if (!new AuditValue.Digest(manifest.digest()).equals(logged)) {
        throw new IllegalArgumentException("the entry is of another manifest");
      }
    }
  }

  /** {@code vesta proof retract}. */
  @Command(
      name = "retract",
      description = "Says that a release shall not be relied on; frees nothing in the ledger.",
      mixinStandardHelpOptions = true)
  static final class Retract implements Callable<Integer> {

    @Spec private @Nullable CommandSpec command;

    @Option(names = "--spec", required = true, description = "The spec of the release.")
    private Path spec = Path.of("");

    @Option(names = "--state", description = "As of the release.")
    private @Nullable Path state;

    @Option(names = "--number", required = true, description = "Which release.")
    private int number;

    @Option(names = "--out", required = true, description = "Where its files are.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
      CommandLine line = Objects.requireNonNull(command, "set by picocli").commandLine();
      try {
        ProofFile file = ProofFile.read(spec);
        Path folder = state == null ? Path.of(spec + ".state") : state;
        try (ProofState held = new ProofState(folder, file.brokerage(), file.broker())) {
          byte[] retraction =
              held.publisher().retract(held.broker(), file.claim(), number).orElseThrow();
          Files.writeString(
              out.resolve(RETRACTION), new String(retraction, StandardCharsets.US_ASCII));
          line.getOut().println("Retracted release " + number + " of " + file.claim() + ".");
          return VestaCli.WELL;
        }
      } catch (VestaException | IOException e) {
        line.getErr().println(e.getMessage());
        return VestaCli.NOT_WELL;
      }
    }
  }
}
