package org.ws2j.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.programs.run.Outcome;
import org.ws2j.programs.run.ProgramRun;

/** Where the agent cannot install itself. */
@Timeout(120)
class InstallationTest {
    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final Path AGENT =
            Path.of(System.getProperty("ws2j.agent")).toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void olderJvmPrintsOneLineAndRunsTheProgram() throws Exception {
        Optional<Path> java = javaOf17();
        assumeTrue(java.isPresent(), "no JDK 17 is installed");
        Outcome outcome = ProgramRun.run(echo(java.orElseThrow(), agent("layer=passthrough")), folder);
        assertRunsWithOneLine(outcome);
        assertThat(outcome.errors().getFirst()).contains("17").contains("25");
    }

    @Test
    void programRunsWithoutLayersBehindAnAgentThatHasUsedTheNetwork() throws Exception {
        Outcome outcome = ProgramRun.run(echo(thisJava(), firstAgent(), agent("layer=passthrough")), folder);
        assertRunsWithOneLine(outcome);
    }

    @Test
    void strictAgentDoesNotLetTheProgramRunWithoutItsLayers() throws Exception {
        Outcome outcome = ProgramRun.run(echo(thisJava(), firstAgent(), agent("strict;layer=passthrough")), folder);
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).hasSize(1);
    }

    private static void assertRunsWithOneLine(Outcome outcome) {
        assertThat(outcome.errors()).singleElement().asString().startsWith("ws2: ");
        assertThat(outcome.output()).containsExactly("OK");
        assertThat(outcome.exitCode()).isZero();
    }

    private static List<String> echo(Path java, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(List.of(options));
        command.add(Path.of(InstallationTest.class.getResource("/Echo.java").toURI()).toString());
        return command;
    }

    private static String agent(String options) {
        return "-javaagent:" + AGENT + "=" + options;
    }

    private static Path thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static Optional<Path> javaOf17() throws IOException {
        if (!Files.isDirectory(JVMS)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(JVMS)) {
            return homes.filter(home -> home.getFileName().toString().contains("17"))
                    .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
                    .map(home -> home.resolve("bin/java"))
                    .findFirst();
        }
    }

    private String firstAgent() throws IOException {
        Path jar = folder.resolve("first.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", FirstAgent.class.getName());
        String name = FirstAgent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream classFile = FirstAgent.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            classFile.transferTo(out);
        }
        return "-javaagent:" + jar;
    }
}
