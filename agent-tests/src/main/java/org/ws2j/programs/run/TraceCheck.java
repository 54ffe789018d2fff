package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.ws2j.programs.Payload;
import org.ws2j.programs.run.Capture.Flow;

/** Whether a trace holds what a program has sent and received. */
final class TraceCheck {
    private final UnmodifiedProgram program;
    private final Map<Flow, byte[]> sent;
    private final Map<Flow, byte[]> received;
    private final List<String> complaints = new ArrayList<>();

    private TraceCheck(UnmodifiedProgram program, Capture capture) {
        this.program = program;
        this.sent = capture.sent();
        this.received = capture.received();
    }

    /** What there is to complain of; nothing if all is well. */
    static List<String> complaints(UnmodifiedProgram program, Path trace, Report report) {
        try {
            TraceCheck check = new TraceCheck(program, Capture.read(trace));
            check.payloads();
            check.ends();
            check.connections(report);
            check.sums(report);
            return check.complaints;
        } catch (IOException | RuntimeException e) {
            return List.of("the trace cannot be read: " + e);
        }
    }

    private void payloads() {
        program.sent().forEach(payload -> payload("sent", sent.values(), payload));
        program.received().forEach(payload -> payload("received", received.values(), payload));
    }

    private void payload(String how, Collection<byte[]> streams, Payload payload) {
        String wanted = text(payload.bytes());
        if (streams.stream().noneMatch(stream -> text(stream).contains(wanted))) {
            complaints.add("the trace does not show that " + payload + " was " + how);
        }
    }

    /** A character for a byte: strings are searched quickly. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Where both ends are the program's, one has received what the other has sent, to where it stopped reading. */
    private void ends() {
        if (program.server() != ServerProgram.NONE) {
            return;
        }
        sent.forEach((flow, bytes) -> {
            byte[] read = received.getOrDefault(flow, new byte[0]);
            boolean isWhole = read.length > 0 || bytes.length == 0;
            if (!isWhole || read.length > bytes.length || !Arrays.equals(read, Arrays.copyOf(bytes, read.length))) {
                complaints.add("the trace shows " + bytes.length + " bytes sent and " + read.length
                        + " others received: " + flow);
            }
        });
        long streams = sent.keySet().stream().filter(Flow::isStream).count();
        if (streams < 2L * program.connections()) {
            complaints.add("the trace shows " + streams + " ends of connections only");
        }
    }

    /** Each end of a connection that something was sent from has to be in the report. */
    private void connections(Report report) {
        sent.keySet().stream().filter(Flow::isStream).filter(flow -> !report.shows(flow))
                .forEach(flow -> complaints.add("the report lacks " + flow));
    }

    /** The trace layer and the agent count the same bytes at different places. */
    private void sums(Report report) {
        sum("sent", sent.values(), report.sent());
        sum("received", received.values(), report.received());
    }

    private void sum(String how, Collection<byte[]> streams, long reported) {
        long traced = streams.stream().mapToLong(stream -> stream.length).sum();
        if (traced != reported) {
            complaints.add("the trace has " + traced + " bytes " + how + ", and the report " + reported);
        }
    }
}
