package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples under a host in C that does something of its own just when they call it: no other thread has to hit the moment. */
@Timeout(120)
final class HostInCTest {
    private static final long SECONDS = 60;

    @TempDir
    Path dir;

    @Test
    void theBaseProviderWritesResultsBeforeItTellsTheEnd() throws Exception {
        assertThatPosixPasses("results_are_written_before_the_end_is_told");
    }

    @Test
    void aSocketOfTheBaseProviderThatClosesWhileAReceiveBeginsLosesItsHandle() throws Exception {
        assertThatPosixPasses("a_socket_that_closes_while_a_receive_begins_loses_its_handle");
    }

    @Test
    void theCleanUpOfTheBaseProviderEndsWhatIsUnderWayInSilence() throws Exception {
        assertThatPosixPasses("the_clean_up_ends_what_is_under_way_in_silence");
    }

    @Test
    void theCleanUpOfTheLayerEndsWhatIsUnderWayInSilence() throws Exception {
        assertThatUpcasePasses("the_layers_clean_up_ends_what_is_under_way_in_silence");
    }

    @Test
    void aCleanUpOfTheLayerTooManyIsRefused() throws Exception {
        assertThatUpcasePasses("a_clean_up_too_many_is_refused");
    }

    @Test
    void messagesThroughTheLayerGoOnToTheLastWindowThatWasTaken() throws Exception {
        assertThatUpcasePasses("messages_go_on_to_the_last_window_that_was_taken");
    }

    @Test
    void theVersionOfTheLayerIsWhatWasAskedFor() throws Exception {
        assertThatUpcasePasses("the_version_is_what_was_asked_for");
    }

    @Test
    void socketsOfTheLayerEndWhileItIsCleanedUp() throws Exception {
        assertThatUpcasePasses("sockets_end_while_the_layer_is_cleaned_up");
    }

    @Test
    void anExtensionFunctionOfTheLayerServesSocketsThatNobodyAsked() throws Exception {
        assertThatUpcasePasses("an_extension_function_serves_sockets_that_nobody_asked");
    }

    private void assertThatUpcasePasses(String check) throws Exception {
        assertPasses(List.of(example("upcase.c")), check);
    }

    private void assertThatPosixPasses(String check) throws Exception {
        try (Stream<Path> files = Files.list(example("posix"))) {
            assertPasses(files.filter(file -> file.toString().endsWith(".c")).sorted().toList(), check);
        }
    }

    private static Path example(String name) {
        return NativeBuild.include().resolveSibling("examples").resolve(name);
    }

    private void assertPasses(List<Path> provider, String check) throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux"), "built on Linux alone");
        Path program = dir.resolve("host");
        List<String> arguments = new ArrayList<>(List.of(
                "-std=c11", "-O2", "-g", "-Wall", "-Wextra", "-Wno-unused-function", "-Werror", "-pthread", "-o",
                program.toString(),
                NativeBuild.include().resolveSibling("src/test/native/host.c").toString()));
        provider.forEach(file -> arguments.add(file.toString()));
        NativeBuild.compile("cc", arguments);
        Path output = dir.resolve("output.txt");
        Process process = new ProcessBuilder(program.toString(), check)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean isOver = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(isOver).as("it ends").isTrue();
        assertThat(output).content().isEmpty();
        assertThat(process.exitValue()).isZero();
    }
}
