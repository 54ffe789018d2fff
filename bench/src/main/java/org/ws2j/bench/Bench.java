package org.ws2j.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.Result;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.report.Report;
import org.ws2j.bench.report.Table;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The bench command: measures rows, each in a JVM of its own, and makes the table of all that were ever measured. */
@Command(name = "ws2 bench", mixinStandardHelpOptions = true,
        description = {"Measures what ws2j costs, beside what others cost for the same.",
                "Exits with 0 if every row could be measured, whether its goals are reached or not. A row that needs what is"
                        + " not there, such as a C compiler, is skipped and says so."})
public final class Bench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ROW", arity = "0..*", description = "Which rows; all of them by default.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--quick", description = "Only shows that everything works; the figures mean nothing.")
    private boolean isQuick;

    @Option(names = "--out", paramLabel = "DIR",
            description = "Where table, raw data and plots are written; by default docs/benchmarks, with --quick "
                    + "bench/target/quick.")
    private Path out;

    @Option(names = "--rounds", paramLabel = "N",
            description = "How many turns each side has; 101 by default. Launches share them, rounded up.")
    private int rounds;

    @Option(names = "--launches", paramLabel = "N",
            description = "How many JVMs, one after the other, each side has that has JVMs of its own; 10 by default.")
    private int launches;

    @Option(names = "--list", description = "Lists the rows.")
    private boolean isList;

    @Option(names = "--here", hidden = true, description = "Measures in this JVM.")
    private boolean isHere;

    private Bench() {}

    /** Runs the command line and exits with its code: 0 when all went well, 1 when a row failed, 2 for a wrong call. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench());
    }

    @Override
    public Integer call() throws Exception {
        if (isList) {
            Rows.ALL.forEach(row -> say(String.format("%-16s %s", row.id(), row.title())));
            return ExitCode.OK;
        }
        List<Row> rows = rows();
        if (isHere) {
            for (Row row : rows) {
                measure(row);
            }
            return ExitCode.OK;
        }
        return measureInChildren(rows);
    }

    private List<Row> rows() {
        try {
            return Rows.named(ids);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Plan plan() {
        Plan plan = isQuick ? Plan.QUICK : Plan.FULL;
        checkCount("--rounds", rounds);
        checkCount("--launches", launches);
        Plan shared = rounds == 0 ? plan : plan.withRounds(rounds);
        return launches == 0 ? shared : shared.withLaunches(launches);
    }

    private void checkCount(String option, int given) {
        if (given < 0) {
            throw new ParameterException(spec.commandLine(), option + " " + given + ": give 1 or more");
        }
    }

    private Path directory() {
        return out != null ? out : isQuick ? Path.of("bench", "target", "quick") : Path.of("docs", "benchmarks");
    }

    private void measure(Row row) throws Exception {
        RowRun run = new RowRun(row, plan());
        row.measure(run);
        new Report(directory()).add(run, Setting.describe(run));
        print(run.results());
    }

    private int measureInChildren(List<Row> rows) throws Exception {
        List<String> failed = new ArrayList<>();
        for (Row row : rows) {
            Optional<String> absence = row.absence();
            say(row.id() + ": " + absence.map(why -> "skipped, " + why).orElse(row.title() + " …"));
            if (absence.isEmpty() && !new ChildJvm(childArguments(row)).run()) {
                failed.add(row.id());
            }
            say("");
        }
        print(new Report(directory()).summarise(Rows.ALL));
        say("");
        say("The table, raw data and plots are in " + directory() + ".");
        if (!failed.isEmpty()) {
            say("NOT measured, see above: " + String.join(", ", failed));
        }
        return failed.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private List<String> childArguments(Row row) {
        List<String> arguments = new ArrayList<>(List.of(row.id(), "--here", "--out", directory().toString()));
        if (isQuick) {
            arguments.add("--quick");
        }
        if (rounds > 0) {
            arguments.addAll(List.of("--rounds", Integer.toString(rounds)));
        }
        if (launches > 0) {
            arguments.addAll(List.of("--launches", Integer.toString(launches)));
        }
        return arguments;
    }

    private void print(List<Result> results) {
        new Table(results).plain().forEach(this::say);
    }

    private void say(String line) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(line);
        writer.flush();
    }
}
