package org.ws2j.layer.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LargeTransferTest {
    private static final long BYTES = 256L * 1024 * 1024;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"event", "routine", "port"})
    void aLargeTransferThroughTraceArrivesIntactWithASmallHeap(String style) throws Exception {
        Path capture = folder.resolve(style + ".pcapng");
        Path output = folder.resolve(style + ".log");
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                LargeTransfer.class.getName(),
                style,
                capture.toString(),
                Long.toString(BYTES))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("ended in time").isTrue();
            assertThat(process.exitValue()).as(Files.readString(output, StandardCharsets.UTF_8)).isZero();
            assertThat(new File(capture.toString()).length()).isGreaterThan(2 * BYTES);
        } finally {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(capture);
        }
    }
}
