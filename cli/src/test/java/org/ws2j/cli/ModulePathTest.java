package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModulePathTest {
    @TempDir
    private Path folder;

    private String relative;

    @BeforeEach
    void makeAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("layer.jar"));
        relative = Path.of("").toAbsolutePath().relativize(file).toString();
    }

    private String expected(String behind) {
        return Path.of(relative).toAbsolutePath() + behind;
    }

    @Test
    void relativePathOfAFileBecomesAbsolute() {
        assertThat(ModulePath.absolute(relative)).isEqualTo(expected(""));
        assertThat(Path.of(ModulePath.absolute(relative))).isAbsolute().exists();
    }

    @Test
    void nameOfOneModuleOfAJarStaysBehindIt() {
        assertThat(ModulePath.absolute(relative + "!mine")).isEqualTo(expected("!mine"));
    }

    @Test
    void optionsOfALayerStayBehindIt() {
        assertThat(ModulePath.absoluteLayer(relative)).isEqualTo(expected(""));
        assertThat(ModulePath.absoluteLayer(relative + "!mine:file=a/b.c,d=:"))
                .isEqualTo(expected("!mine:file=a/b.c,d=:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"builtin:trace", "%HOME%/layer.jar", "no/such/layer.jar", "/no/such/layer.jar", "\0", "!x", ""})
    void whatIsNoFileHereStaysAsItIs(String module) {
        assertThat(ModulePath.absolute(module)).isEqualTo(module);
        assertThat(ModulePath.absoluteLayer(module)).isEqualTo(module);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace", "trace:file=pom.xml", "passthrough", "pom", "C:\\layer.jar:a=b"})
    void layerThatIsNamedRatherThanAFileStaysAsItIs(String layer) {
        assertThat(ModulePath.absoluteLayer(layer)).isEqualTo(layer);
    }
}
