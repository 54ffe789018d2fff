package org.ws2j.bench.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CCompilerTest {
    @TempDir
    private Path directory;

    @Test
    void withoutCompilerOnTheSearchPathOneLineSaysSo() {
        assertThat(CCompiler.absence("Linux", "/none:" + directory)).contains("there is no C compiler (cc)");
    }

    @Test
    void compilerAnywhereOnTheSearchPathIsEnough() throws Exception {
        Path compiler = Files.createFile(directory.resolve("cc"));
        assertThat(compiler.toFile().setExecutable(true)).isTrue();
        assertThat(CCompiler.absence("Linux", "/none:" + directory)).isEmpty();
    }

    @Test
    void elsewhereThanOnLinuxNothingIsBuilt() {
        assertThat(CCompiler.absence("Windows 11", directory.toString())).isPresent();
    }
}
