package org.ws2j.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.TransportModules;
import org.ws2j.spi.WinsockException;

/** Java that was started without the permission to call C. */
@Timeout(120)
final class NoNativeAccessTest {
    @TempDir
    Path dir;

    @Test
    void oneClearLineTellsWhatToDo() throws Exception {
        Path library = Files.createFile(dir.resolve("libany.so"));
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path").replace(File.pathSeparator + File.pathSeparator,
                        File.pathSeparator),
                Asker.class.getName(),
                library.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output.strip().lines()).singleElement().asString().contains("WSAEPROVIDERFAILEDINIT")
                .contains("--enable-native-access=ALL-UNNAMED");
    }

    /** What the other Java runs. */
    static final class Asker {
        private Asker() {}

        public static void main(String[] args) {
            try {
                TransportModules.find(args[0]);
                System.out.println("no refusal");
            } catch (WinsockException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
