package org.ws2j.bench.jvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program in a JVM of its own, that answers each line that it is told by a line. On the CPU of this process. */
public final class ProgramJvm implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;

    /** The same collector for all, and no heap that grows while something is measured. */
    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx512m");

    private final Process process;
    private final Writer commands;

    /** Empty at the end of the program's output. */
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private ProgramJvm(Process process) {
        this.process = process;
        commands = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /**
     * Starts a program, whose complaints go where this process's go.
     *
     * @param options more options of the JVM
     * @param main the program
     * @param arguments its arguments
     * @return the program
     * @throws IOException if it cannot be started
     */
    public static ProgramJvm start(List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(OPTIONS);
        all.addAll(options);
        Process process = new ProcessBuilder(ProgramCommand.of(all, main, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ProgramJvm started = new ProgramJvm(process);
        Thread.ofVirtual().start(started::read);
        return started;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException e) {
            // As the end of the output, which whoever waits for an answer is told of.
        }
        answers.add(Optional.empty());
    }

    /** Tells the program what to do. */
    public void tell(String command) throws IOException {
        commands.write(command + '\n');
        commands.flush();
    }

    /** {@return what the program says next} */
    public String answer() throws IOException, InterruptedException {
        Optional<String> answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IOException("the program does not answer: " + process.info().commandLine().orElse(""));
        }
        return answer.orElseThrow(() -> new IOException("the program has ended before it was told to"));
    }

    /** {@return what the program says to a command} */
    public String ask(String command) throws IOException, InterruptedException {
        tell(command);
        return answer();
    }

    /** Ends the program, which ends when its input does. */
    @Override
    public void close() throws IOException {
        try {
            commands.close();
            process.onExit().completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS).join();
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }
}
