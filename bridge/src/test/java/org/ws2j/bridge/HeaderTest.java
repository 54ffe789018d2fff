package org.ws2j.bridge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The header proves its layouts where it is compiled: by static assertions of its own. */
final class HeaderTest {
    private static final String POSIX = """
            #include <sys/types.h>
            #include <sys/socket.h>
            #include <sys/select.h>
            #include <netinet/in.h>
            #include <pthread.h>
            """;
    private static final String OURS = """
            #define WSP_IMPLEMENT_HOST_SERVICES
            #include "ws2spi.h"
            int main(void) { return 0; }
            """;

    private static final String LAYER = """
            #define WSP_IMPLEMENT_HOST_SERVICES
            #include "ws2layer.h"
            static WSPPROC_TABLE table;
            int main(void) { wsl_fill(&table); return table.lpWSPSend != NULL; }
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang", "aarch64-linux-gnu-gcc"})
    void itCompilesAsC11BesideThePosixHeaders(String compiler) throws Exception {
        compile(compiler, source("posix.c", POSIX + OURS), "-std=c11", "-D_GNU_SOURCE", "-pedantic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"g++", "clang++", "aarch64-linux-gnu-g++"})
    void itCompilesAsCpp17BesideThePosixHeaders(String compiler) throws Exception {
        compile(compiler, source("posix.cpp", POSIX + OURS), "-std=c++17");
    }

    @Test
    void onWindowsItsAssertionsHoldForTheSystemsOwnHeaders() throws Exception {
        compile("x86_64-w64-mingw32-gcc", source("windows.c", OURS), "-std=c11", "-D_WIN32_WINNT=0x0601");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc", "clang", "aarch64-linux-gnu-gcc"})
    void thePlumbingOfALayerCompilesAsC11(String compiler) throws Exception {
        compile(compiler, source("layer.c", POSIX + LAYER), "-std=c11", "-D_GNU_SOURCE", "-Werror");
    }

    @ParameterizedTest
    @ValueSource(strings = {"g++", "clang++", "aarch64-linux-gnu-g++"})
    void thePlumbingOfALayerCompilesAsCpp17(String compiler) throws Exception {
        compile(compiler, source("layer.cpp", POSIX + LAYER), "-std=c++17", "-Werror");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-g++"})
    void thePlumbingOfALayerCompilesForWindows(String compiler) throws Exception {
        boolean isC = compiler.endsWith("gcc");
        compile(compiler, source(isC ? "layer.c" : "layer.cpp", LAYER), isC ? "-std=c11" : "-std=c++17",
                "-D_WIN32_WINNT=0x0601", "-Werror");
    }

    private Path source(String name, String text) throws Exception {
        return Files.writeString(dir.resolve(name), text);
    }

    private void compile(String compiler, Path source, String... options) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(options));
        arguments.addAll(List.of("-Wall", "-Wextra", "-c", source.toString(), "-o", dir.resolve("out.o").toString()));
        NativeBuild.compile(compiler, arguments);
    }
}
