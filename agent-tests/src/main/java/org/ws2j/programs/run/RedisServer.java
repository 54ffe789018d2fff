package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A Redis that stores nothing. */
final class RedisServer implements RunningServer {
    private static final String EXECUTABLE = "redis-server";

    private final ServerProcess process;
    private final int port;

    private RedisServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static Optional<String> absence() {
        return ServerProcess.find(EXECUTABLE, List.of()).isPresent()
                ? Optional.empty()
                : Optional.of("no redis-server is installed");
    }

    static RunningServer start() throws IOException, InterruptedException {
        Path executable = ServerProcess.find(EXECUTABLE, List.of()).orElseThrow();
        int port = ServerProcess.freePort();
        List<String> command = List.of(executable.toString(), "--port", String.valueOf(port), "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no");
        Path folder = Files.createTempDirectory("redis");
        return new RedisServer(ServerProcess.start(folder, command, "Ready to accept connections"), port);
    }

    @Override
    public String[] arguments() {
        return new String[] {String.valueOf(port)};
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
