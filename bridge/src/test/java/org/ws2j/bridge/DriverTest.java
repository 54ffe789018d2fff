package org.ws2j.bridge;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ws2j.spi.AddressFamily;

/** Calls that C makes of its own accord. */
@Timeout(600)
final class DriverTest {
    /** How many arbitrary calls are made; {@link Fuzz} makes more of them. */
    private static final long CALLS = 300_000;

    /** The sequence per call of the best-known layered provider, and the upcalls that it never makes. */
    @ParameterizedTest
    @ValueSource(strings = {"builtin:memory", "builtin:tcpip"})
    void theSequenceOfALayeredProviderRunsFromC(String lower) throws Throwable {
        try (DriverHost host = new DriverHost(NativeBuild.driver("driver")); Arena arena = Arena.ofConfined()) {
            int failed = (int) host.function("DriverSequence", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT))
                    .invokeExact(wide(arena, lower), AddressFamily.AF_INET);

            assertThat(failed).as("step * 100000 + error").isZero();
            assertThat(host.reports()).isEmpty();
            assertThat(host.winsock().openHandles().isEmpty()).isTrue();
        }
    }

    /** The functions beyond the table: of a provider in Java, with the files of the host's. */
    @ParameterizedTest
    @ValueSource(strings = {"builtin:memory", "builtin:tcpip"})
    void extensionFunctionsOfAProviderInJavaAreCalledFromC(String lower, @TempDir Path dir) throws Throwable {
        Path file = Files.writeString(dir.resolve("file.txt"), "file");
        try (DriverHost host = new DriverHost(NativeBuild.driver("driver")); Arena arena = Arena.ofConfined()) {
            int failed = (int) host.function(
                    "DriverExtensions", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG))
                    .invokeExact(wide(arena, lower), AddressFamily.AF_INET, wide(arena, file.toString()));

            assertThat(failed).as("step * 100000 + error").isZero();
            assertThat(host.reports()).isEmpty();
            assertThat(host.winsock().openHandles().isEmpty()).isTrue();
        }
    }

    private static long wide(Arena arena, String text) {
        return arena.allocateFrom(text, StandardCharsets.UTF_16LE).address();
    }

    /** Null, small, misaligned and impossible pointers, stale and wrong handles, wrong lengths, unknown ids. */
    @Test
    void whateverCCallsWithIsAnsweredByADocumentedError() throws Throwable {
        try (DriverHost host = new DriverHost(NativeBuild.driver("driver"))) {
            DriverHost.Answers answers = host.fuzz(42, CALLS, 4);

            assertThat(answers.undocumented()).as("undocumented: %s", answers).isZero();
            assertThat(answers.successes()).isGreaterThan(CALLS / 10);
            assertThat(answers.failures()).isGreaterThan(CALLS / 10);
            assertThat(host.reports()).isEmpty();
        }
    }

    /** A thread of C's own does not know that the host is being cleaned up. */
    @Test
    void callsWhileTheHostEndsAndAfterwardsAreAnswered() throws Throwable {
        try (DriverHost host = new DriverHost(NativeBuild.driver("driver"))) {
            AtomicReference<DriverHost.Answers> answers = new AtomicReference<>();
            Thread fuzz = Thread.ofPlatform().start(() -> {
                try {
                    answers.set(host.fuzz(7, 100_000, 2));
                } catch (Throwable e) {
                    host.reports().add(e);
                }
            });
            host.winsock().wsaCleanup();
            fuzz.join();

            assertThat(host.reports()).isEmpty();
            assertThat(answers.get().undocumented()).as("%s", answers).isZero();
        }
    }
}
