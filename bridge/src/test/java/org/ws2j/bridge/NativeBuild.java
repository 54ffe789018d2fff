package org.ws2j.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Builds the examples and the test drivers with the compiler that there is; without one the tests are skipped. */
final class NativeBuild {
    private static final Path MODULE = Files.isDirectory(Path.of("examples")) ? Path.of("") : Path.of("bridge");
    private static final Path OUT = MODULE.resolve("target").resolve("native").toAbsolutePath();

    private NativeBuild() {}

    static Path include() {
        return MODULE.resolve("include").toAbsolutePath();
    }

    /** {@return where what is built goes} */
    static Path out() {
        return OUT;
    }

    /** {@return the layer of the examples, as a library of its own} */
    static Path upcase(String name) throws Exception {
        return example("upcase", name);
    }

    /** {@return the driver of the tests} */
    static Path driver(String name) throws Exception {
        return library(MODULE.resolve("src/test/native/driver.c"), name);
    }

    /** {@return a base provider whose handles are descriptors} */
    static Path descriptors() throws Exception {
        return library(MODULE.resolve("src/test/native/descriptors.c"), "descriptors");
    }

    /** An example of one file, with what it declares to the conformance kit beside it. */
    private static Path example(String source, String name) throws Exception {
        return declared(library(MODULE.resolve("examples").resolve(source + ".c"), name),
                MODULE.resolve("examples").resolve(source + ".properties"));
    }

    /** {@return the base provider of the examples, whose files have a folder of their own} */
    static Path posix() throws Exception {
        Path folder = MODULE.resolve("examples").resolve("posix");
        try (Stream<Path> files = Files.list(folder)) {
            return declared(library(files.sorted().toList(), "posix"), folder.resolve("posix.properties"));
        }
    }

    private static Path declared(Path library, Path declaration) throws IOException {
        Path beside = Path.of(library + ".ws2j-conformance.properties");
        Files.copy(declaration, beside, StandardCopyOption.REPLACE_EXISTING);
        return library;
    }

    static Path library(Path source, String name) throws Exception {
        return library(List.of(source), name);
    }

    /** Files other than those in C are what they include. */
    private static Path library(List<Path> files, String name) throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux"), "built on Linux alone");
        Files.createDirectories(OUT);
        Path library = OUT.resolve("lib" + name + ".so");
        if (isNewer(library, files)
                && isNewer(library, List.of(include().resolve("ws2spi.h"), include().resolve("ws2layer.h")))) {
            return library;
        }
        List<String> arguments = new ArrayList<>(List.of("-std=c11", "-O2", "-g", "-fPIC", "-fvisibility=hidden",
                "-shared", "-Wall", "-Wextra", "-Werror", "-pthread", "-I" + MODULE.resolve("examples"), "-o",
                library.toString()));
        files.stream().map(Path::toString).filter(file -> file.endsWith(".c")).forEach(arguments::add);
        compile("cc", arguments);
        return library;
    }

    private static boolean isNewer(Path library, List<Path> files) throws IOException {
        if (!Files.exists(library)) {
            return false;
        }
        for (Path file : files) {
            if (Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(file)) <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Compiles; skips the test where there is no such compiler, fails it where the compiler refuses. */
    static void compile(String compiler, List<String> arguments) throws Exception {
        Assumptions.assumeTrue(exists(compiler), "there is no C compiler: " + compiler);
        List<String> command = new ArrayList<>(List.of(compiler, "-I" + include()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + "\n" + output);
        }
    }

    static boolean exists(String compiler) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(compiler, "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
