package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class PathReferencesTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/me", "LIB", "$1\\lib", "EMPTY", "");

    @ParameterizedTest
    @CsvSource({
            "plain.jar, plain.jar",
            "%HOME%/a.jar, /home/me/a.jar",
            "%HOME%%LIB%, /home/me$1\\lib",
            "a%EMPTY%b, ab",
            "%UNKNOWN%/a.jar, %UNKNOWN%/a.jar",
            "%UNKNOWN%HOME%, %UNKNOWN/home/me",
            "100%, 100%",
            "%%HOME%, %/home/me",
            "builtin:tcpip, builtin:tcpip"
    })
    void namesWithAValueAreReplacedAndTheRestStays(String path, String expanded) {
        assertThat(PathReferences.expand(path, ENVIRONMENT::get)).isEqualTo(expanded);
    }
}
