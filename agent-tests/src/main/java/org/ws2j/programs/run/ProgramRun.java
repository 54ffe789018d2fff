package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts programs in JVMs of their own, with the class path and the JDK of this one. */
public final class ProgramRun {
    /** Longer than a program gives itself. */
    private static final int LIMIT_SECONDS = 90;

    /** A program lives for a second or two, and some of the libraries open native ones or use Unsafe. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private static final List<String> VARIABLES_OF_JVMS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH");

    private final Path agent;

    /**
     * Makes one.
     *
     * @param agent the agent's jar
     */
    public ProgramRun(Path agent) {
        this.agent = agent.toAbsolutePath().normalize();
    }

    /**
     * Runs a program to its end, with the server that it needs.
     *
     * @param program the program
     * @param chain what its sockets go through
     * @param folder where it works, and leaves what it writes
     * @return what has come of it
     * @throws IOException if it, or the server, cannot be started
     * @throws InterruptedException if the thread is interrupted
     */
    public Outcome run(UnmodifiedProgram program, Chain chain, Path folder) throws IOException, InterruptedException {
        chain.prepare(agent, folder);
        try (RunningServer server = program.server().start()) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(JVM_OPTIONS);
            command.addAll(chain.jvmOptions(agent));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.main().getName()));
            command.addAll(program.arguments());
            command.addAll(List.of(server.arguments()));
            return run(command, folder);
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param command the words
     * @param folder where it works
     * @return what has come of it
     * @throws IOException if it cannot be started, or does not end
     * @throws InterruptedException if the thread is interrupted
     */
    public static Outcome run(List<String> command, Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeAll(VARIABLES_OF_JVMS);
        Process process = builder.start();
        boolean hasEnded = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().onExit().join();
        if (!hasEnded) {
            throw new IOException("no end within " + LIMIT_SECONDS + " s: " + Files.readString(errors));
        }
        return new Outcome(process.exitValue(), Files.readAllLines(output), Files.readAllLines(errors));
    }
}
