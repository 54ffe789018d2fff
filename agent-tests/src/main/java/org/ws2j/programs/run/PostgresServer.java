package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL with an empty cluster. */
final class PostgresServer implements RunningServer {
    /** Where Debian installs it, beside the search path. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private static final String ROOT = "root";

    /** Who it runs as if we are root, as which it refuses to run. */
    private static final String NOBODY = "nobody";

    private final ServerProcess process;
    private final int port;

    private PostgresServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static Optional<String> absence() {
        if (find("initdb").isEmpty() || find("postgres").isEmpty()) {
            return Optional.of("no PostgreSQL server is installed");
        }
        boolean canRun = !isRoot() || find("setpriv").isPresent();
        return canRun ? Optional.empty() : Optional.of("PostgreSQL does not run as root, and there is no setpriv");
    }

    private static Optional<Path> find(String executable) {
        try (Stream<Path> versions = Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
            List<Path> folders = versions.sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin"))
                    .toList();
            return ServerProcess.find(executable, folders);
        } catch (IOException e) {
            return ServerProcess.find(executable, List.of());
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals(ROOT);
    }

    static RunningServer start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("postgresql");
        if (isRoot()) {
            Files.setOwner(folder, folder.getFileSystem().getUserPrincipalLookupService()
                    .lookupPrincipalByName(NOBODY));
        }
        String data = folder.resolve("data").toString();
        ServerProcess.run(folder, command("initdb", "-D", data, "-U", "postgres", "--auth", "trust", "--no-sync",
                "--no-locale", "--encoding", "UTF8"));
        int port = ServerProcess.freePort();
        List<String> server = command("postgres", "-D", data, "-h", "127.0.0.1", "-p", String.valueOf(port), "-k",
                folder.toString(), "-F");
        return new PostgresServer(ServerProcess.start(folder, server, "ready to accept connections"), port);
    }

    private static List<String> command(String executable, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=nogroup", "--clear-groups"));
        }
        command.add(find(executable).orElseThrow().toString());
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public String[] arguments() {
        return new String[] {"jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres"};
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
