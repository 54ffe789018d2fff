package org.ws2j.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The terminal version of Wireshark, applied to one capture, with every checksum validated. It is told what is in there: some of the
 * ports that the system gives away belong to a protocol by its own list.
 */
final class Tshark {
    private final Path capture;

    Tshark(Path capture) {
        this.capture = capture;
    }

    static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "tshark"))
                .anyMatch(Files::isExecutable);
    }

    /** The packets that a filter lets through, a line for each. */
    List<String> packets(String filter) throws IOException, InterruptedException {
        return run("-Y", filter).lines().toList();
    }

    /** What a field is in the packets that have it. */
    List<String> values(String field) throws IOException, InterruptedException {
        return run("-Y", field, "-T", "fields", "-e", field).lines().toList();
    }

    /** What both ends of each TCP connection have sent, put together again. */
    List<Conversation> conversations() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-q"));
        for (String stream : Set.copyOf(values("tcp.stream"))) {
            arguments.addAll(List.of("-z", "follow,tcp,raw," + stream));
        }
        List<Conversation> conversations = new ArrayList<>();
        for (String line : run(arguments.toArray(String[]::new)).lines().toList()) {
            if (line.startsWith("Follow:")) {
                conversations.add(new Conversation(new ByteArrayOutputStream(), new ByteArrayOutputStream()));
            } else if (line.matches("\t?[0-9a-f]+")) {
                Conversation current = conversations.getLast();
                ByteArrayOutputStream end = line.startsWith("\t") ? current.other() : current.opener();
                end.writeBytes(HexFormat.of().parseHex(line.strip()));
            }
        }
        return conversations;
    }

    /**
     * A TCP connection.
     *
     * @param opener what the end sent that opened it
     * @param other what the other one sent
     */
    record Conversation(ByteArrayOutputStream opener, ByteArrayOutputStream other) {}

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
        for (String protocol : List.of("ip", "tcp", "udp")) {
            command.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
        }
        command.addAll(List.of("-d", "tcp.port==1:65535,http", "-d", "udp.port==1:65535,data"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(capture.toAbsolutePath().getParent(), "tshark", ".out");
        Path errors = Files.createTempFile(capture.toAbsolutePath().getParent(), "tshark", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(25, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("%s: %s", command, Files.readString(errors))
                .isZero();
        return Files.readString(output, StandardCharsets.ISO_8859_1);
    }
}
