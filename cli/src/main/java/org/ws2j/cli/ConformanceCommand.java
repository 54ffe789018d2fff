package org.ws2j.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ws2j.conformance.ConformanceReport;
import org.ws2j.conformance.ConformanceRun;
import org.ws2j.conformance.Flag;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the conformance kit over stacks of providers. */
@Command(name = "conformance", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = {"Runs the conformance kit over stacks of providers.",
                "Exits with 0 if no check failed."})
final class ConformanceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "STACK", arity = "0..*",
            description = "Modules from top to bottom, each by name or by its jar's path, such as "
                    + "trace/passthrough/tcpip or target/mylayer.jar/memory; or jdk, the control group. By default "
                    + "eight stacks of ws2j's own, and jdk.")
    private List<String> stacks = new ArrayList<>();

    @Option(names = "--suite", paramLabel = "NAME", split = ",",
            description = "Runs these suites alone; may be repeated.")
    private List<String> suites = new ArrayList<>();

    @Option(names = "--flag", paramLabel = "NAME=REASON",
            description = "A known difference of the stacks, beside those that their modules declare; may be repeated.")
    private Map<Flag, String> flags = new LinkedHashMap<>();

    @Option(names = "--statements",
            description = "Lists what the specification says, with the checks of each statement, and runs nothing.")
    private boolean isListing;

    @Option(names = "--json", description = "Print an object in place of tables.")
    private boolean isJson;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (isListing) {
            list(out);
            return ExitCode.OK;
        }
        ConformanceReport report = run();
        if (isJson) {
            ConformanceJson.print(out, report);
        } else {
            new ConformanceText(report).lines().forEach(out::println);
            new StatementText(ConformanceRun.coverage()).summary().forEach(out::println);
        }
        out.flush();
        return report.isRight() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void list(PrintWriter out) {
        if (isJson) {
            ConformanceJson.print(out, ConformanceRun.coverage());
        } else {
            new StatementText(ConformanceRun.coverage()).all().forEach(out::println);
        }
        out.flush();
    }

    private ConformanceReport run() {
        try (ConformanceProgress progress = ConformanceProgress.on(spec.commandLine().getErr())) {
            ConformanceRun run = ConformanceRun.over(stacks.toArray(String[]::new))
                    .suites(suites.toArray(String[]::new))
                    .progress(progress);
            flags.forEach(run::flag);
            return run.execute();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
