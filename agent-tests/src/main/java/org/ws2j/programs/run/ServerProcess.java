package org.ws2j.programs.run;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process that serves, and the folder that it works in, which goes with it. */
final class ServerProcess implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;

    // Below those that Linux and most others give to who asks for any.
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private static final int PORT_ATTEMPTS = 100;

    private final Process process;
    private final Path folder;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** Starts one that is ready when it prints a line with the given words. */
    static ServerProcess start(Path folder, List<String> command, String readyLine)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        ServerProcess server = new ServerProcess(process, folder);
        Thread.ofVirtual().start(() -> server.read(readyLine));
        try {
            server.ready.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return server;
        } catch (ExecutionException | TimeoutException e) {
            server.close();
            throw new IOException(command + " does not start", e);
        }
    }

    private ServerProcess(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /** To the end, so that it can go on printing. */
    private void read(String readyLine) {
        StringBuilder before = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains(readyLine)) {
                    ready.complete(null);
                } else if (!ready.isDone()) {
                    before.append(line).append('\n');
                }
            }
            ready.completeExceptionally(new IOException(before.toString()));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Runs a tool to its end. */
    static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!tool.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || tool.exitValue() != 0) {
            tool.destroyForcibly();
            throw new IOException(command + " fails");
        }
    }

    /** An executable of the search path or of one of the given folders. */
    static Optional<Path> find(String name, List<Path> more) {
        Stream<Path> folders = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of);
        return Stream.concat(folders, more.stream())
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@return a port that nobody uses, of those that the system gives to nobody: it is still free when the server is there} */
    static int freePort() throws IOException {
        for (int i = 0; i < PORT_ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            try (ServerSocket asked = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return asked.getLocalPort();
            } catch (BindException e) {
                // It is taken: the next one.
            }
        }
        throw new BindException("no free port between " + FIRST_PORT + " and " + LAST_PORT);
    }

    /** Politely at first: a server that is killed may leave shared memory behind. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS).join();
        process.destroyForcibly();
        process.onExit().join();
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(ServerProcess::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
