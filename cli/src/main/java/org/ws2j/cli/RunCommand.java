package org.ws2j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs any command with the agent in its JVMs. */
@Command(name = "run", mixinStandardHelpOptions = true,
        description = {
                "Runs a command whose Java programs have their sockets in ws2j, with layers between them and the network.",
                "java itself gets the agent as an option, anything else (mvn test, a start script) by JAVA_TOOL_OPTIONS,"
                        + " which each JVM tells of in a line. A JVM older than 25 says so and runs without."})
final class RunCommand implements Callable<Integer> {
    /** What shells answer where there is no such command. */
    private static final int NOT_STARTED = 127;

    private static final Path AGENT = Path.of("agent", "ws2j-agent.jar");

    @Spec
    private CommandSpec spec;

    @Option(names = "--layer", paramLabel = "NAME[:key=value[,key=value…]]",
            description = {
                    "A layer: passthrough, ifs-passthrough, trace, or the path of a jar (with !NAME if it has several)"
                            + " or of a shared library; the first is nearest the program, the last nearest the network.",
                    "A comma in a value is doubled. In a value, %%p is the number of the process."})
    private List<String> layers = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE",
            description = "More of these options, each on a line of its own without its dashes; its layers come below.")
    private Path config;

    @Option(names = "--strict", description = "Where the layers cannot be, the program is not to run.")
    private boolean strict;

    @Option(names = "--report",
            description = "At its end each program tells of its sockets, and of those that got past.")
    private boolean report;

    @Option(names = "--plan", paramLabel = "FILE", hidden = true,
            description = "Writes what is to be done as a line for a shell, and does nothing; for the script ws2.")
    private Path plan;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command with its arguments.")
    private List<String> command;

    @Override
    public Integer call() throws InterruptedException {
        Launch launch = Launch.of(command, "-javaagent:" + agent() + options(), System::getenv);
        try {
            if (plan == null) {
                return launch.run();
            }
            Files.writeString(plan, launch.asShell());
            return 0;
        } catch (IOException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("ws2 run: " + e.getMessage());
            err.flush();
            return NOT_STARTED;
        }
    }

    /** The agent's jar lies beside what this class lies in. */
    private Path agent() {
        try {
            Path own = Path.of(RunCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path agent = own.resolveSibling(AGENT);
            if (!Files.isRegularFile(agent)) {
                throw new ParameterException(spec.commandLine(), "the agent is not built: " + agent + " is missing");
            }
            return agent;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("what lies in a file has a proper address", e);
        }
    }

    private String options() {
        List<String> words = new ArrayList<>();
        // The programs may run in other directories.
        layers.forEach(layer -> words.add("layer=" + ModulePath.absoluteLayer(layer)));
        if (config != null) {
            if (!Files.isReadable(config)) {
                throw new ParameterException(spec.commandLine(), "--config " + config + " cannot be read");
            }
            words.add("config=" + config.toAbsolutePath());
        }
        if (strict) {
            words.add("strict");
        }
        if (report) {
            words.add("report");
        }
        words.replaceAll(word -> word.replace(";", ";;"));
        return words.isEmpty() ? "" : '=' + String.join(";", words);
    }
}
