package io.vesta.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.approval.lint.Finding;
import io.vesta.approval.lint.LintInput;
import io.vesta.approval.lint.LintReport;
import io.vesta.approval.lint.Linter;
import io.vesta.approval.lint.PackLinter;
import io.vesta.approval.lint.RulePack;
import io.vesta.approval.lint.Verdict;
import io.vesta.core.error.VestaException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vesta lint}: drafts as JSON lines on stdin, one result a line on stdout. */
@Command(
    name = "lint",
    description = {
      "Applies rule packs to drafts, one JSON object {id, channel, text, context} a line.",
      "Writes one result {id, verdict, findings} a line; PASS says that no listed rule matched, and"
          + " nothing more. A line that cannot be read gets {line, error} and the exit code 1."
    },
    mixinStandardHelpOptions = true)
final class LintCommand implements Callable<Integer> {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--pack",
      paramLabel = "FILE",
      description = "A rule pack beside the shipped ones; may be repeated.")
  private List<Path> files = List.of();

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICT",
      description = "Exits with 1 if a draft gets this verdict or a graver one, for build servers.")
  private @Nullable Verdict failOn;

  @Override
  public Integer call() throws IOException {
    CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
    Linter linter;
    try {
      List<RulePack> packs = new ArrayList<>(RulePack.shipped());
      files.forEach(file -> packs.add(RulePack.load(file)));
      packs.stream()
          .filter(pack -> pack.expired(Clock.systemUTC()))
          .forEach(pack -> line.getErr().println("pack " + pack.id() + " is past its review date"));
      linter = new PackLinter(packs, Clock.systemUTC());
    } catch (VestaException | UncheckedIOException e) {
      line.getErr().println(e.getMessage());
      return VestaCli.NOT_WELL;
    }
    return lint(linter, line.getOut(), line.getErr());
  }

  private int lint(Linter linter, PrintWriter out, PrintWriter err) throws IOException {
    boolean well = true;
    int number = 0;
    // A reader that replaces what is no UTF-8, so that one bad line does not end the run.
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String given = lines.readLine(); given != null; given = lines.readLine()) {
      number++;
      if (given.isBlank()) {
        continue;
      }
      ObjectNode told = JsonNodeFactory.instance.objectNode();
      try {
        well &= result(linter, given, told);
      } catch (IllegalArgumentException | VestaException e) {
        well = false;
        told.removeAll();
        told.put("line", number).put("error", e.getMessage());
        err.println("line " + number + ": " + e.getMessage());
      }
      out.println(told);
    }
    out.flush();
    return well ? VestaCli.WELL : VestaCli.NOT_WELL;
  }

  private boolean result(Linter linter, String given, ObjectNode told) {
    JsonNode draft = read(given);
    JsonNode context = draft.path("context");
    LintInput input =
        new LintInput(
            text(draft, "channel"),
            text(draft, "text"),
            context.isMissingNode() || context.isNull()
                ? Map.of()
                : LintInput.facts(context.toString()));
    LintReport report = linter.lint(input);
    told.set("id", draft.path("id"));
    told.put("verdict", report.verdict().name());
    told.putArray("findings");
    for (Finding finding : report.findings()) {
      told.withArray("/findings")
          .addObject()
          .put("rule", finding.rule())
          .put("start", finding.start())
          .put("end", finding.end())
          .put("severity", finding.severity().name());
    }
    return failOn == null || report.verdict().compareTo(failOn) < 0;
  }

  private static JsonNode read(String given) {
    JsonNode draft;
    try {
      draft = MAPPER.readTree(given);
    } catch (JsonProcessingException e) {
      // The parser's own words may quote the draft.
      throw new IllegalArgumentException("is no JSON", e);
    }
    if (!draft.isObject()) {
      throw new IllegalArgumentException("is no JSON object");
    }
    if (!draft.path("id").isTextual() && !draft.path("id").isNumber()) {
      throw new IllegalArgumentException("has no id");
    }
    return draft;
  }

  private static String text(JsonNode draft, String field) {
    JsonNode value = draft.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("has no " + field + ", or one that is no text");
    }
    return value.textValue();
  }
}
