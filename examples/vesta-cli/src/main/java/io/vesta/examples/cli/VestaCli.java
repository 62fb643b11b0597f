package io.vesta.examples.cli;

import io.vesta.examples.quickstart.Quickstart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code vesta}: the modules for operators and build servers. The exit code is 0 only when all is
 * well, 1 when something is not, and 2 when the command was not understood.
 */
@Command(
    name = "vesta",
    description = "Vesta for operators and build servers.",
    mixinStandardHelpOptions = true,
    subcommands = {
      VestaCli.Demo.class,
      Verify.class,
      PolicyCommand.class,
      AuthZenCommand.class,
      LintCommand.class,
      ProofCommand.class
    })
public final class VestaCli {

  static final int WELL = 0;
  static final int NOT_WELL = 1;

  private VestaCli() {}

  /** Runs a command and ends the program with its exit code. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(out, err, arguments));
  }

  /** Runs a command; gives its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new VestaCli())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  /** {@code vesta demo}. */
  @Command(name = "demo", description = "Tells the whole story on a synthetic brokerage.")
  static final class Demo implements Callable<Integer> {

    @Parameters(
        paramLabel = "FOLDER",
        description = "Where its files go; an earlier run is replaced.")
    private Path folder = Path.of("demo");

    @Override
    public Integer call() throws IOException {
      Quickstart.main(new String[] {folder.toString()});
      return WELL;
    }
  }
}
