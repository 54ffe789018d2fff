package org.ws2j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ws2j.cli.demo.Demo;
import org.ws2j.cli.demo.DemoResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends real bytes through a chain of layers in every style that Winsock has, and shows what happened. */
@Command(name = "demo", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = {"Talks HTTP and UDP over real sockets, through the layers tee and trace over TCP/IP.",
                "Exits with 0 if all data arrived intact, each upcall was made and nothing is left open."})
final class DemoCommand implements Callable<Integer> {
    private static final int LARGEST = 64 << 20;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = ".",
            description = "Where demo.pcapng is written; the current directory by default.")
    private Path directory;

    @Option(names = "--size", paramLabel = "BYTES", defaultValue = "300000",
            description = "What each HTTP request and answer carries, 1 to 67108864; ${DEFAULT-VALUE} by default.")
    private int size;

    @Override
    public Integer call() {
        if (size < 1 || size > LARGEST) {
            throw new ParameterException(spec.commandLine(), "--size " + size + ": give 1 to " + LARGEST + " bytes");
        }
        PrintWriter out = spec.commandLine().getOut();
        Path trace = directory.resolve("demo.pcapng").normalize();
        try {
            Files.createDirectories(directory);
            DemoResult result = new Demo(trace, size, line -> {
                out.println(line);
                out.flush();
            }).run();
            new DemoReport(result).lines().forEach(out::println);
            out.flush();
            return result.isRight() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (IOException e) {
            PrintWriter err = spec.commandLine().getErr();
            // With its class: the message of many a failure is no more than a path.
            err.println("ws2 demo: " + e);
            err.println(advice(trace));
            err.flush();
            return ExitCode.SOFTWARE;
        }
    }

    private static String advice(Path trace) {
        return Files.exists(trace)
                ? "What crossed the chain up to there lies in " + trace + "; the demo needs the loopback interface"
                        + " (127.0.0.1) for itself, so look for a firewall or a sandbox, and run it again."
                : "Check that " + trace.toAbsolutePath() + " can be written (or give --out DIR) and that 127.0.0.1 can"
                        + " be used, and run it again.";
    }
}
