package org.ws2j.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ws2j.bench.measure.Sink;

/**
 * A JVM for one row, on one CPU. A row of its own gets no code that another row has warmed up in another way; and on one CPU
 * two threads cannot be lucky or unlucky about where they run.
 */
final class ChildJvm {
    private static final long MOST_MINUTES = 15;
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final List<String> arguments;

    /** @param arguments those of {@link Bench} */
    ChildJvm(List<String> arguments) {
        this.arguments = List.copyOf(arguments);
    }

    /** {@return whether it went well} */
    boolean run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command()).inheritIO().start();
        Thread ending = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ending);
        try {
            return process.waitFor(MOST_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
        } finally {
            process.destroyForcibly().waitFor();
            Runtime.getRuntime().removeShutdownHook(ending);
        }
    }

    List<String> command() {
        List<String> command = new ArrayList<>();
        if (taskset().isPresent() && lastCpu().isPresent()) {
            command.addAll(List.of(taskset().get(), "-c", lastCpu().get()));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xms2g", "-Xmx4g", "-XX:+UseSerialGC",
                "-XX:+UnlockExperimentalVMOptions", "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=" + Sink.COMPILE_COMMAND,
                // JCTools and Netty reach for what the JDK warns of.
                "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Bench.class.getName()));
        command.addAll(arguments);
        return command;
    }

    private static Optional<String> taskset() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return List.of(path.split(File.pathSeparator)).stream().map(directory -> Path.of(directory, "taskset"))
                .filter(Files::isExecutable).map(Path::toString).findFirst();
    }

    /** {@return the last CPU that this process may use; the first ones are where the system likes to work} */
    private static Optional<String> lastCpu() {
        return allowedCpus().map(list -> list.substring(Math.max(list.lastIndexOf(','), list.lastIndexOf('-')) + 1));
    }

    /** {@return the list of CPUs that this process may use, as Linux writes it; empty elsewhere} */
    static Optional<String> allowedCpus() {
        if (!Files.isReadable(STATUS)) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip()).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** {@return whether this process runs on one CPU alone, as far as is known} */
    static boolean isPinned() {
        return allowedCpus().map(list -> list.matches("\\d+")).orElse(false);
    }
}
