package org.ws2j.layer.trace.pcapng;

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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The terminal version of Wireshark, applied to one capture, with every checksum validated. What is carried is just data to it: some
 * of the ports that the system gives away belong to a protocol by its own list.
 */
final class Tshark {

    /** The severity "note"; chat, and a comment of ours, are below. */
    private static final String COMPLAINTS = "_ws.malformed || _ws.expert.severity >= 0x400000";

    private final Path capture;

    Tshark(Path capture) {
        this.capture = capture;
    }

    static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "tshark"))
                .anyMatch(Files::isExecutable);
    }

    /** What the expert says at "note" and above and what is malformed, each message as often as it comes. */
    List<String> complaints() throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "-Y",
                COMPLAINTS,
                "-T",
                "fields",
                "-E",
                "aggregator=\t",
                "-e",
                "_ws.expert.message",
                "-e",
                "_ws.expert.severity");
        List<String> complaints = new ArrayList<>();
        for (String line : run(arguments).lines().toList()) {
            String[] fields = line.split("\t", -1);
            int messages = fields.length / 2;
            for (int i = 0; i < messages; i++) {
                if (Integer.decode(fields[messages + i]) >= 0x400000) {
                    complaints.add(fields[i]);
                }
            }
            if (messages == 0) {
                complaints.add("malformed: " + line);
            }
        }
        return complaints;
    }

    int packets(String filter) throws IOException, InterruptedException {
        return (int) run(List.of("-Y", filter)).lines().count();
    }

    /** The bytes of one TCP stream, of the end that opened it or of the other. */
    byte[] follow(int stream, boolean ofOpener) throws IOException, InterruptedException {
        String output = run(List.of("-q", "-z", "follow,tcp,raw," + stream));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        output.lines()
                .filter(line -> line.matches("\t?[0-9a-f]+"))
                .filter(line -> line.startsWith("\t") != ofOpener)
                .forEach(line -> bytes.writeBytes(HexFormat.of().parseHex(line.strip())));
        return bytes.toByteArray();
    }

    String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
        for (String protocol : List.of("ip", "tcp", "udp")) {
            command.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
        }
        command.addAll(List.of("-d", "tcp.port==1:65535,data", "-d", "udp.port==1:65535,data"));
        command.addAll(arguments);
        Path output = Files.createTempFile(capture.getParent(), "tshark", ".out");
        Path errors = Files.createTempFile(capture.getParent(), "tshark", ".err");
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
