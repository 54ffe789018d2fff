package org.ws2j.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OwnPathTest {
    private static final String LIB = Path.of("lib").toAbsolutePath().toString().replace('\\', '/');

    @ParameterizedTest
    @CsvSource({
            "builtin:shape, true",
            "builtin:fault, false",
            "lib/layers.jar, true",
            "lib/layers.jar!shape, true",
            "lib/layers.jar!fault, false",
            "lib/other.jar, false",
            "lib/other.jar!shape, false",
            "%HOME%/lib/layers.jar, true",
            "%HOME%/lib/layers.jar!shape, true",
            "%HOME%/other/layers.jar, false",
    })
    void aPathIsRecognisedByNameAndJar(String path, boolean isOwn) {
        assertThat(new OwnPath("shape", LIB + "/layers.jar").isMeantBy(path)).isEqualTo(isOwn);
    }

    @Test
    void aModuleWithoutAJarIsFoundByNameAlone() {
        OwnPath path = new OwnPath("shape", "");
        assertThat(path.isMeantBy("builtin:shape")).isTrue();
        assertThat(path.isMeantBy("lib/layers.jar")).isFalse();
    }

    @Test
    void theJarIsWhereTheClassLies() {
        OwnPath path = OwnPath.of(Stack.named("shape", LayeredProvider::new));
        assertThat(path.name()).isEqualTo("shape");
        assertThat(path.jar()).isNotEmpty();
        assertThat(path.isMeantBy(path.jar())).isTrue();
    }
}
