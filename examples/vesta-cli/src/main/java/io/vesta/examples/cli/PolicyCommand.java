package io.vesta.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.ResourceType;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.analysis.PolicyDiff;
import io.vesta.rbac.analysis.PolicyLaws;
import io.vesta.rbac.analysis.ShadowedRules;
import io.vesta.rbac.authzen.AuthZen;
import io.vesta.rbac.decide.RowSecurity;
import io.vesta.rbac.policy.Policy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vesta policy}: what a policy says, and what a change of it would change. */
@Command(
    name = "policy",
    description = "Checks and compares access policies.",
    mixinStandardHelpOptions = true)
final class PolicyCommand {

  /** Stands for the policy that vesta-rbac ships. */
  static final Path SHIPPED = Path.of("default");

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean json;

  /** A policy from a file, or the shipped one. */
  static Policy load(Path file) throws IOException {
    return file.equals(SHIPPED) ? Policy.defaults() : Policy.load(Files.readString(file));
  }

  @Command(
      name = "check",
      description = "Loads a policy, names the laws that it breaks and the rules that do nothing.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(
              paramLabel = "POLICY",
              defaultValue = "default",
              description = "A file, or default.")
          Path file)
      throws IOException {
    Policy policy;
    try {
      policy = load(file);
    } catch (VestaException e) {
      return refused(e);
    }
    List<PolicyLaws.Breach> breaches = PolicyLaws.check(policy);
    List<String> shadowed = ShadowedRules.of(policy);
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.put("policy", policy.name());
    told.put("version", policy.version());
    told.put("rules", policy.rules().size());
    breaches.forEach(
        breach ->
            told.withArray("/breaches")
                .add(breach.law() + " " + breach.role().role() + " " + breach.what()));
    shadowed.forEach(rule -> told.withArray("/shadowed").add(rule));
    tell(told);
    return breaches.isEmpty() && shadowed.isEmpty() ? VestaCli.WELL : VestaCli.NOT_WELL;
  }

  @Command(
      name = "diff",
      description = "Names each permission that one policy gives and another does not.",
      mixinStandardHelpOptions = true)
  int diff(
      @Parameters(paramLabel = "BEFORE") Path before, @Parameters(paramLabel = "AFTER") Path after)
      throws IOException {
    PolicyDiff diff;
    try {
      diff = PolicyDiff.between(load(before), load(after));
    } catch (VestaException e) {
      return refused(e);
    }
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.put("same", diff.isEmpty());
    for (PolicyDiff.Change change : diff.changes()) {
      told.withArray("/changes")
          .addObject()
          .put("change", change.toString())
          .put("actor", change.witness().actor().toString())
          .put("record", change.witness().resource().toString());
    }
    diff.separationsDropped()
        .forEach(roles -> told.withArray("/separationsDropped").add(roles.toString()));
    diff.separationsAdded()
        .forEach(roles -> told.withArray("/separationsAdded").add(roles.toString()));
    diff.reclassified().forEach(field -> told.withArray("/reclassified").add(field));
    tell(told);
    return diff.isEmpty() ? VestaCli.WELL : VestaCli.NOT_WELL;
  }

  @Command(
      name = "rls",
      description = "Prints a policy as PostgreSQL row-level security for one table.",
      mixinStandardHelpOptions = true)
  int rls(
      @Option(names = "--policy", defaultValue = "default") Path file,
      @Option(names = "--table", required = true, description = "The table's name.") String table,
      @Option(
              names = "--type",
              required = true,
              description = "What its rows are, such as Contact.")
          String type,
      @Option(
              names = "--column",
              required = true,
              description =
                  "FACT=COLUMN for each of brokerage (always), owner, team, office, ownership, linked,"
                      + " routed, barred, status and created that the table has.")
          Map<String, String> columns)
      throws IOException {
    try {
      RowSecurity security = RowSecurity.of(load(file)).protect(table, columns(type, columns));
      PrintWriter out = out();
      security.install().forEach(statement -> out.println(statement + ";"));
      out.flush();
      return VestaCli.WELL;
    } catch (VestaException e) {
      return refused(e);
    }
  }

  @Command(
      name = "explain",
      description = {
        "Says why somebody may or may not do something, in each of their capacities, as JSON.",
        "For authorised eyes: it tells facts of the record."
      },
      mixinStandardHelpOptions = true)
  int explain(
      @Mixin Question question,
      @Option(names = "--actor", required = true, paramLabel = "TYPE:ID", description = "Who.")
          String actor,
      @Option(names = "--capacity", description = "In which capacity only, such as AGENT.")
          @Nullable String capacity)
      throws IOException {
    ObjectNode request = question.request();
    ObjectNode subject = named(request, "subject", actor);
    if (capacity != null) {
      subject.putObject("properties").put("capacity", capacity);
    }
    return answer(question, endpoint -> endpoint.explain(request.toString()));
  }

  @Command(
      name = "who-can",
      description = {
        "Names everybody who may do something, with the capacity and the rule, as JSON.",
        "For authorised eyes: it tells who works with the record."
      },
      mixinStandardHelpOptions = true)
  int whoCan(
      @Mixin Question question,
      @Option(names = "--limit", defaultValue = "100", description = "The most that are named.")
          int limit)
      throws IOException {
    ObjectNode request = question.request();
    request.putObject("page").put("limit", limit);
    return answer(question, endpoint -> endpoint.whoCan(request.toString()));
  }

  /** What the questions on decisions have in common. */
  private static final class Question {

    @Option(names = "--policy", description = "The policy; the shipped one if left out.")
    private Path policy = SHIPPED;

    @Option(
        names = "--data",
        required = true,
        description = "Subjects with their grants and resources with their facts, as JSON.")
    private Path data = Path.of("");

    @Option(names = "--action", required = true, description = "What, such as read.")
    private String action = "";

    @Option(
        names = "--resource",
        required = true,
        paramLabel = "TYPE:ID",
        description = "On which record of the data.")
    private String resource = "";

    private ObjectNode request() {
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      request.putObject("action").put("name", action);
      named(request, "resource", resource);
      return request;
    }
  }

  private static ObjectNode named(ObjectNode request, String field, String name) {
    int colon = name.indexOf(':');
    return request
        .putObject(field)
        .put("type", name.substring(0, Math.max(0, colon)))
        .put("id", name.substring(colon + 1));
  }

  private int answer(Question question, Function<AuthZen, String> ask) throws IOException {
    AuthZen endpoint;
    try {
      endpoint =
          new AuthZen(load(question.policy), Files.readString(question.data), Clock.systemUTC());
    } catch (VestaException e) {
      return refused(e);
    }
    String answer = ask.apply(endpoint);
    out().println(answer);
    out().flush();
    return new ObjectMapper().readTree(answer).has("error") ? VestaCli.NOT_WELL : VestaCli.WELL;
  }

  private static ResourceColumns columns(String type, Map<String, String> columns) {
    ResourceColumns.Builder builder =
        ResourceColumns.builder(
            new ResourceType(type), Objects.requireNonNullElse(columns.get("brokerage"), ""));
    columns.forEach(
        (fact, column) -> {
          switch (fact) {
            case "brokerage" -> {}
            case "owner" -> builder.owner(column);
            case "team" -> builder.team(column);
            case "office" -> builder.office(column);
            case "ownership" -> builder.ownership(column);
            case "linked" -> builder.linkedToTransaction(column);
            case "routed" -> builder.routedToReview(column);
            case "barred" -> builder.behindBarrier(column);
            case "status" -> builder.status(column);
            case "created" -> builder.createdAt(column);
            default ->
                throw VestaException.invalid(
                    "column", "for an unknown fact", "see vesta policy rls --help");
          }
        });
    return builder.build();
  }

  private PrintWriter out() {
    return Objects.requireNonNull(spec, "set by picocli").commandLine().getOut();
  }

  private int refused(VestaException e) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    told.put("refused", e.getMessage());
    tell(told);
    return VestaCli.NOT_WELL;
  }

  private void tell(ObjectNode told) {
    PrintWriter out = out();
    if (json) {
      out.println(told);
    } else {
      told.properties()
          .forEach(
              field -> {
                if (field.getValue().isArray()) {
                  out.println(field.getKey() + ":");
                  field
                      .getValue()
                      .forEach(one -> out.println("  " + (one.isTextual() ? one.asText() : one)));
                } else {
                  out.println(field.getKey() + ": " + field.getValue().asText());
                }
              });
    }
    out.flush();
  }
}
