package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BoundedMemoryTest {

    @TempDir
    Path folder;

    @Test
    void largeTransferIsRecordedWithASmallHeap() throws Exception {
        Path output = folder.resolve("output.txt");
        Path capture = folder.resolve("large.pcapng");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                java,
                "-Xmx16m",
                "-XX:MaxDirectMemorySize=4m",
                "-cp",
                classPath(),
                LargeTransfer.class.getName(),
                capture.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(() -> read(output)).isZero();
        } finally {
            process.destroyForcibly();
        }

        assertThat(Files.size(capture)).isBetween(LargeTransfer.LENGTH, LargeTransfer.LENGTH * 101 / 100);
    }

    /** The folders of main and test classes, whether the tests run on the class path or patched into the module. */
    private static String classPath() {
        return Stream.of(PcapngFile.class, LargeTransfer.class)
                .map(BoundedMemoryTest::location)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
