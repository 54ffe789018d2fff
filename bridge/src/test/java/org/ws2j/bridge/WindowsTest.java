package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The layer of the examples as a DLL. A host in C loads it, under Wine: no JVM for Windows is needed. */
@Timeout(300)
final class WindowsTest {
    private static final String COMPILER = "x86_64-w64-mingw32-gcc";
    private static final long SECONDS = 240;

    @TempDir
    Path dir;

    @Test
    void theLayerOfTheExamplesIsBuiltForWindows() throws Exception {
        assertThat(dll()).exists();
    }

    @Test
    void theLayerOfTheExamplesIsLoadedAndAnswersUnderWine() throws Exception {
        String wine = wine();
        Path dll = dll();
        Path harness = dir.resolve("harness.exe");
        compile(NativeBuild.include().resolveSibling("src/test/native/harness.c"), harness, List.of(),
                List.of("-lws2_32"));
        Path output = dir.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(wine, harness.toString(), dll.getFileName().toString())
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // Making one takes long, and whatever Wine leaves running uses it for a while.
        builder.environment().put("WINEPREFIX", Files.createDirectories(NativeBuild.out().resolve("wine")).toString());
        builder.environment().put("WINEDEBUG", "-all");
        Process process = builder.start();
        boolean isOver = process.waitFor(SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(isOver).as("it ends").isTrue();
        assertThat(output).content().contains("steps are right");
        assertThat(process.exitValue()).isZero();
    }

    private Path dll() throws Exception {
        Path dll = dir.resolve("libupcase.dll");
        compile(NativeBuild.include().resolveSibling("examples/upcase.c"), dll, List.of("-shared", "-static-libgcc"),
                List.of());
        return dll;
    }

    private static void compile(Path source, Path to, List<String> options, List<String> libraries) throws Exception {
        List<String> general = List.of("-std=c11", "-O2", "-D_WIN32_WINNT=0x0601", "-Wall", "-Wextra", "-Werror");
        List<String> files = List.of("-o", to.toString(), source.toString());
        NativeBuild.compile(COMPILER, Stream.of(general, options, files, libraries).flatMap(List::stream).toList());
    }

    /** Debian keeps the 64-bit loader out of the path where it is installed alone. */
    private static String wine() throws InterruptedException {
        Optional<String> found = Optional.empty();
        for (String name : List.of("wine64", "wine", "/usr/lib/wine/wine64")) {
            if (found.isEmpty() && NativeBuild.exists(name)) {
                found = Optional.of(name);
            }
        }
        Assumptions.assumeTrue(found.isPresent(), "there is no Wine");
        return found.orElseThrow();
    }
}
