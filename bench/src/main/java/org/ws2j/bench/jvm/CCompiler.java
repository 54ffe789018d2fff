package org.ws2j.bench.jvm;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether something can be measured that is written in C. */
public final class CCompiler {
    static final String NAME = "cc";

    private CCompiler() {}

    /** {@return why not; empty if it can} */
    public static Optional<String> absence() {
        return absence(System.getProperty("os.name"), Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    static Optional<String> absence(String system, String path) {
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            return Optional.of("what is written in C is built on Linux alone");
        }
        boolean isThere = Stream.of(path.split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, NAME)));
        return isThere ? Optional.empty() : Optional.of("there is no C compiler (" + NAME + ")");
    }
}
