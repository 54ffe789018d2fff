package org.ws2j.programs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is complained of. */
class OutcomeCheckTest {
    private static final Outcome PLAIN = new Outcome(0, List.of("unary: 1 byte", "OK"), List.of());
    private static final String SUMS =
            "ws2: report: 3 stream and 0 datagram sockets, 0 of them open; 7 bytes received, 7 sent; 0 calls failed";
    private static final String CLIENT = "ws2:   stream /127.0.0.1:1 to /127.0.0.1:2: 4 bytes received, 3 sent";
    private static final String SERVER = "ws2:   stream /127.0.0.1:2 to /127.0.0.1:1: 3 bytes received, 4 sent";
    private static final String LISTENER = "ws2:   stream /127.0.0.1:2 to -: 0 bytes received, 0 sent";
    private static final String NO_BYPASS = "ws2: bypassed: no socket among those that are open now";

    private static List<String> complaints(List<String> output, String... errors) {
        Outcome outcome = new Outcome(0, output, List.of(errors));
        return OutcomeCheck.ofLayered(UnmodifiedProgram.GRPC, Chain.THREE_PASS_THROUGHS, Path.of("none"), PLAIN,
                outcome);
    }

    @Test
    void sameOutputAndBothEndsOfTheConnectionAreWell() {
        assertThat(complaints(PLAIN.output(), SUMS, LISTENER, CLIENT, SERVER, NO_BYPASS)).isEmpty();
    }

    @Test
    void otherOutputIsComplainedOf() {
        assertThat(complaints(List.of("unary: 2 bytes", "OK"), SUMS, CLIENT, SERVER, NO_BYPASS)).hasSize(1);
    }

    @Test
    void connectionThatIsMissingIsComplainedOf() {
        assertThat(complaints(PLAIN.output(), SUMS, LISTENER, SERVER, NO_BYPASS)).hasSize(2);
    }

    @Test
    void bypassIsComplainedOf() {
        assertThat(complaints(PLAIN.output(), SUMS, CLIENT, SERVER,
                "ws2: bypassed: 1 sockets among those that are open now"))
                .hasSize(1);
    }

    @Test
    void lineThatIsNotOfTheReportIsComplainedOf() {
        List<String> errors = new ArrayList<>(List.of(SUMS, CLIENT, SERVER, NO_BYPASS));
        errors.add("ws2: something went wrong");
        errors.add("java.lang.IllegalStateException");
        assertThat(complaints(PLAIN.output(), errors.toArray(String[]::new))).hasSize(2);
    }

    @Test
    void failureIsComplainedOfOnce() {
        Outcome outcome = new Outcome(1, List.of(), List.of());
        assertThat(OutcomeCheck.ofLayered(UnmodifiedProgram.GRPC, Chain.TRACE, Path.of("none"), PLAIN, outcome))
                .hasSize(1);
    }

    @Test
    void traceThatIsNotThereIsComplainedOf() {
        Outcome outcome = new Outcome(0, PLAIN.output(), List.of(SUMS, CLIENT, SERVER, NO_BYPASS));
        assertThat(OutcomeCheck.ofLayered(UnmodifiedProgram.GRPC, Chain.TRACE, Path.of("none"), PLAIN, outcome))
                .hasSize(1);
    }
}
