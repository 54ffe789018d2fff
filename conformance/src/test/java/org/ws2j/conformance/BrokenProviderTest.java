package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.conformance.CheckResult.Outcome;

/** The kit finds what is wrong in a layer that comes in a jar, and nothing in one that is right. */
final class BrokenProviderTest {
    @TempDir
    private Path directory;

    @Test
    void aLayerThatChangesNothingIsRight() throws Exception {
        ConformanceReport report = run("", "Connecting");

        assertThat(report.isRight()).as("failed: %s", names(report)).isTrue();
        assertThat(report.with(Outcome.PASSED)).hasSizeGreaterThan(20);
    }

    @Test
    void aLayerThatAnswersAWrongErrorIsFound() throws Exception {
        ConformanceReport report = run("""
                @Override
                public void wspListen(SocketHandle s, int backlog) throws WinsockException {
                    try {
                        super.wspListen(s, backlog);
                    } catch (WinsockException e) {
                        throw new WinsockException(WsaError.WSAEACCES);
                    }
                }
                """, "Connecting");

        assertThat(names(report)).contains(
                "listeningWithoutAnAddressIsInvalid", "aConnectedSocketCannotListen", "aDatagramSocketCannotListen");
        assertThat(report.with(Outcome.FAILED)).allSatisfy(failed -> {
            assertThat(failed.message()).contains("WSAEACCES (10013)");
            assertThat(failed.place().orElseThrow().getClassName()).endsWith("ConnectingSuite");
        });
    }

    @Test
    void aLayerThatSpoilsAByteIsFound() throws Exception {
        ConformanceReport report = run("""
                @Override
                protected void received(Transfer t) {
                    t.forEach((buffer, index, length) -> buffer.put(index, (byte) '?'));
                }
                """, "Connecting");

        assertThat(names(report)).contains("connectingNeedsNoAccept");
    }

    @Test
    void aLayerThatKeepsAHandleIsFound() throws Exception {
        ConformanceReport report = run("""
                @Override
                public void wspListen(SocketHandle s, int backlog) throws WinsockException {
                    super.wspListen(s, backlog);
                    if (backlog < 0) { // Of which one check alone has to learn: it takes its time.
                        upcalls().wpuCreateEvent();
                    }
                }
                """, "Connecting");

        assertThat(names(report)).containsExactly("anyBacklogWillDo");
        assertThat(report.with(Outcome.FAILED)).allSatisfy(
                failed -> assertThat(failed.message()).contains("everything is released"));
    }

    @Test
    void aLayerThatReportsAFailureIsFound() throws Exception {
        ConformanceReport report = run("""
                @Override
                public void wspBind(SocketHandle s, java.net.SocketAddress name) throws WinsockException {
                    super.wspBind(s, name);
                    services().report("binding", new IllegalStateException("on purpose"));
                }
                """, "Connecting");

        assertThat(report.with(Outcome.FAILED)).isNotEmpty().anySatisfy(
                failed -> assertThat(failed.failure()).hasRootCauseMessage("on purpose"));
    }

    @Test
    void aJarDeclaresItsFlagsHandlesAndOptions() throws Exception {
        Path jar = BuiltJar.of(directory, "declaring", "", """
                NO_PEEK = it looks at everything
                option.colour = red
                """);
        Stack stack = Stack.parse(jar + "/memory", Map.of());

        assertThat(stack.reason(Flag.NO_PEEK)).hasValue("declaring: it looks at everything");
        assertThat(stack.levels().getFirst().declaration().options()).containsEntry("colour", "red");
        assertThat(stack.isIfs()).isFalse();
    }

    @Test
    void aFlagWithoutNeedMakesChecksFail() throws Exception {
        Path jar = BuiltJar.of(directory, "boasting", "", "NO_PEEK = it says so");
        ConformanceReport report =
                ConformanceRun.over(jar + "/memory").suites("NetworkEvents").execute();

        assertThat(names(report)).containsExactly("aReceiveThatOnlyLooksEnablesTheReport");
    }

    @Test
    void anUnknownFlagIsRefused() throws Exception {
        Path jar = BuiltJar.of(directory, "guessing", "", "NO_SUCH_FLAG = who knows");

        assertThatIllegalArgumentException().isThrownBy(() -> Stack.parse(jar + "/memory", Map.of()))
                .withMessageContaining("NO_SUCH_FLAG");
    }

    private ConformanceReport run(String body, String suite) throws Exception {
        Path jar = BuiltJar.of(directory, "broken", body, null);
        return ConformanceRun.over(jar + "/memory").suites(suite).execute();
    }

    private static List<String> names(ConformanceReport report) {
        return report.with(Outcome.FAILED).stream().map(CheckResult::check).toList();
    }
}
