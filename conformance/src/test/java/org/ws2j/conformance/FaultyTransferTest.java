package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.conformance.CheckResult.Outcome;

/** Layers that deal wrongly with data: the checks that fail say what is wrong. */
final class FaultyTransferTest {
    @TempDir
    private Path directory;

    @Test
    void aByteThatIsLostIsMissed() throws Exception {
        List<CheckResult> failed = failures("ControlGroup", """
                @Override
                protected void received(Transfer t) {
                    if (t.bytes() > 4096) { // Of small pieces every check would tell.
                        t.shorten(1);
                    }
                }
                """);

        assertThat(failed).extracting(CheckResult::check).containsExactlyInAnyOrder(
                "moreThanAllBuffersHoldArrivesByteForByte", "aNonBlockingSendTakesWhatThereIsRoomForAndNoMore");
        assertThat(failed).extracting(CheckResult::message).anySatisfy(
                message -> assertThat(message).contains("the first byte that is wrong, missing or too much"));
    }

    @Test
    void aByteThatIsSentTwiceIsNoticed() throws Exception {
        List<CheckResult> failed = failures("ControlGroup", """
                @Override
                public long wspSend(SocketHandle s, java.nio.ByteBuffer buffer, int flags, WsaOverlapped overlapped,
                        WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                    long n = super.wspSend(s, buffer, flags, overlapped, routine, thread);
                    if (n > 4096) {
                        super.wspSend(s, buffer.slice(buffer.limit() - 1, 1), flags, null, null, null);
                    }
                    return n;
                }
                """);

        assertThat(failed).extracting(CheckResult::check).contains("moreThanAllBuffersHoldArrivesByteForByte");
        assertThat(failed).extracting(CheckResult::message).anySatisfy(
                message -> assertThat(message).contains("the first byte that is wrong, missing or too much"));
    }

    @Test
    void aCompletionThatIsSwallowedIsWaitedForInVain() throws Exception {
        List<CheckResult> failed = failures("Overlapped", """
                @Override
                protected void received(Transfer t) {
                    if (t.isOverlapped() && t.bytes() == 0 && t.length() == 4) { // One check learns of it, and takes its time.
                        t.hold();
                    }
                }
                """);

        assertThat(failed).extracting(CheckResult::check).containsExactly("anEmptyDatagramEndsAReceiveWithSuccess");
        assertThat(failed).extracting(CheckResult::message).allSatisfy(message -> assertThat(message)
                .contains("wait for an event (258: in vain)"));
    }

    private List<CheckResult> failures(String suite, String body) throws Exception {
        Path jar = BuiltJar.of(directory, "faulty", body, null);
        return ConformanceRun.over(jar + "/memory").suites(suite).execute().with(Outcome.FAILED);
    }
}
