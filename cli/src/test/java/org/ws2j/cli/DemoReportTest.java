package org.ws2j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.cli.demo.DemoResult;
import org.ws2j.cli.demo.Fingerprint;
import org.ws2j.cli.demo.Passage;
import org.ws2j.host.OpenHandles;
import org.ws2j.host.UpcallAudit;
import org.ws2j.host.Winsock;

@Timeout(30)
final class DemoReportTest {
    private static final Fingerprint SENT = new Fingerprint(1_000, "a".repeat(64));
    private static final OpenHandles NOTHING = new OpenHandles(0, 0, 0, 0, 0, List.of());

    @Test
    void dataThatDiffersInTheChecksumAloneIsAMismatch() {
        Fingerprint received = new Fingerprint(1_000, "a".repeat(63) + "b");

        assertThat(report(received, NOTHING)).containsPattern("1,000 +a{16} +a{16} +MISMATCH").contains("WRONG");
    }

    @Test
    void dataThatNeverCameIsAMismatch() {
        assertThat(report(null, NOTHING)).containsPattern("none +a{16} +none +MISMATCH");
    }

    @Test
    void anUpcallThatNobodyMadeMakesTheDemoFail() {
        assertThat(report(SENT, NOTHING)).containsPattern("WPUQueueApc +Optional\\. +0 +NOBODY").contains("WRONG");
    }

    @Test
    void whatIsLeftOpenIsNamed() {
        OpenHandles left = new OpenHandles(1, 2, 3, 4, 5, List.of("socket 8, of tee"));

        assertThat(report(SENT, left)).contains("LEFT OPEN: 1 sockets, 2 events, 3 thread ids, 4 completion ports, 5")
                .contains("socket 8, of tee");
    }

    @Test
    void problemsArePrinted() {
        assertThat(report(SENT, NOTHING)).contains("Problem: the collector has failed");
    }

    private static String report(Fingerprint received, OpenHandles left) {
        try (Winsock winsock = Winsock.builder().auditUpcalls().build()) {
            UpcallAudit noCalls = winsock.upcallAudit().orElseThrow();
            Passage passage = new Passage("2.2", "select", "HTTP answer", SENT, received);
            DemoResult result = new DemoResult(
                    List.of(passage), noCalls, Path.of("demo.pcapng"), left, List.of("the collector has failed"));
            assertThat(result.isRight()).isFalse();
            return String.join("\n", new DemoReport(result).lines());
        }
    }
}
