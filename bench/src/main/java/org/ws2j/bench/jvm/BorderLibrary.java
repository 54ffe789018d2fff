package org.ws2j.bench.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ws2j.bridge.NativeModuleFormat;

/** The provider in C that the border is measured with, made by the compiler that there is. */
public final class BorderLibrary {
    private static final String SOURCE = "border.c";
    private static final String HEADER = "ws2spi.h";
    private static final String LIBRARY = "libborder.so";

    /** Made once, because a method handle is bound to its function as a constant, which only what is known beforehand can be. */
    private static final Path FILE = compiled();

    private BorderLibrary() {}

    /** {@return where it is} */
    public static Path file() {
        return FILE;
    }

    /** {@return a function of it} */
    public static MemorySegment function(String name) {
        return SymbolLookup.libraryLookup(FILE, Arena.global()).find(name).orElseThrow();
    }

    private static Path compiled() {
        try {
            Path folder = Files.createTempDirectory("border");
            Path library = folder.resolve(LIBRARY);
            // Whoever is created first is deleted last.
            folder.toFile().deleteOnExit();
            copy(BorderLibrary.class, SOURCE, folder);
            copy(NativeModuleFormat.class, "/include/" + HEADER, folder);
            library.toFile().deleteOnExit();
            run(folder,
                    List.of(CCompiler.NAME, "-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-shared", "-o", LIBRARY,
                            SOURCE));
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Class<?> beside, String resource, Path folder) throws IOException {
        Path file = folder.resolve(Path.of(resource).getFileName().toString());
        file.toFile().deleteOnExit();
        try (InputStream in = beside.getResourceAsStream(resource)) {
            Files.copy(in, file);
        }
    }

    private static void run(Path folder, List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " fails: " + said);
        }
    }
}
