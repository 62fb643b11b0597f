package io.vesta.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.authzen.AuthZen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vesta authzen}: one request of the AuthZEN Authorization API 1.0, on stdin. */
@Command(
    name = "authzen",
    description = "Answers one AuthZEN 1.0 request from standard input.",
    mixinStandardHelpOptions = true)
final class AuthZenCommand implements Callable<Integer> {

  private enum Api {
    EVALUATION,
    EVALUATIONS,
    SUBJECT,
    RESOURCE,
    ACTION
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--policy", description = "The policy; the shipped one if left out.")
  private Path policy = PolicyCommand.SHIPPED;

  @Option(
      names = "--data",
      required = true,
      description = "Subjects with their grants and resources with their facts, as JSON.")
  private Path data = Path.of("");

  @Option(
      names = "--api",
      description =
          "Which question: ${COMPLETION-CANDIDATES}; the last three are searches. EVALUATION if left"
              + " out.")
  private Api api = Api.EVALUATION;

  @Override
  public Integer call() throws IOException {
    CommandLine line = Objects.requireNonNull(spec, "set by picocli").commandLine();
    String request = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    AuthZen endpoint;
    try {
      endpoint = new AuthZen(PolicyCommand.load(policy), Files.readString(data), Clock.systemUTC());
    } catch (VestaException e) {
      line.getErr().println(e.getMessage());
      return VestaCli.NOT_WELL;
    }
    String answer =
        switch (api) {
          case EVALUATION -> endpoint.evaluation(request);
          case EVALUATIONS -> endpoint.evaluations(request);
          case SUBJECT -> endpoint.searchSubjects(request);
          case RESOURCE -> endpoint.searchResources(request);
          case ACTION -> endpoint.searchActions(request);
        };
    line.getOut().println(answer);
    boolean refused = new ObjectMapper().readTree(answer).has("error");
    return refused ? VestaCli.NOT_WELL : VestaCli.WELL;
  }
}
