package org.ws2j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ws2j.cli.demo.DemoResult;
import org.ws2j.cli.demo.Fingerprint;
import org.ws2j.cli.demo.Passage;
import org.ws2j.host.OpenHandles;
import org.ws2j.host.UpcallAudit;
import org.ws2j.spi.Upcall;

/** What a run of the demo has shown, in lines. */
final class DemoReport {
    /** How much of a checksum is printed; all of it is compared. */
    private static final int DIGITS = 16;

    private static final int CALLERS_WIDTH = 46;

    private final DemoResult result;
    private final List<String> lines = new ArrayList<>();

    DemoReport(DemoResult result) {
        this.result = result;
    }

    List<String> lines() {
        passages();
        upcalls();
        line("The trace of all that lies in " + result.trace() + ": open it with Wireshark, or tshark -r.");
        leftovers(result.left());
        result.problems().forEach(problem -> line("Problem: " + problem));
        line(verdict());
        return lines;
    }

    private void passages() {
        TextTable table = new TextTable()
                .column("client")
                .column("style")
                .column("data")
                .number("bytes")
                .column("SHA-256, sent")
                .column("received")
                .column("");
        for (Passage passage : result.passages()) {
            table.row(passage.client(), passage.style(), passage.what(), bytes(passage.received()),
                    digits(passage.sent()), digits(passage.received()), passage.isIntact() ? "OK" : "MISMATCH");
        }
        line("");
        lines.addAll(table.lines());
    }

    private void upcalls() {
        TextTable table = new TextTable()
                .column("upcall")
                .column("the page says")
                .number("calls")
                .wrapped("made by", CALLERS_WIDTH);
        UpcallAudit audit = result.upcalls();
        boolean isAnyUnattributed = false;
        for (Upcall upcall : Upcall.values()) {
            Map<String, Long> callers = audit.callers(upcall);
            isAnyUnattributed |= callers.containsKey(UpcallAudit.UNATTRIBUTED);
            String status = UpcallsCommand.isOnPage(upcall) ? upcall.status() : "(not on the page)";
            table.row(upcall.winsockName(), status, audit.count(upcall), callers(callers));
        }
        line("");
        lines.addAll(table.lines());
        if (isAnyUnattributed) {
            line(UpcallAudit.UNATTRIBUTED + ": nothing tells whose call it was: made at a start-up, or by a layer's"
                    + " own thread.");
        }
        line("");
    }

    private static String callers(Map<String, Long> callers) {
        return callers.isEmpty()
                ? "NOBODY"
                : callers.entrySet().stream()
                        .map(caller -> caller.getKey() + " " + caller.getValue())
                        .collect(Collectors.joining(", "));
    }

    private void leftovers(OpenHandles left) {
        if (left.isEmpty()) {
            line("Nothing is left: no socket, event, thread id, completion port or window, on any level of the chain.");
            return;
        }
        line("LEFT OPEN: " + left.sockets() + " sockets, " + left.events() + " events, " + left.threadIds()
                + " thread ids, " + left.ports() + " completion ports, " + left.windows() + " windows");
        left.details().forEach(detail -> line("  " + detail));
    }

    private String verdict() {
        long intact = result.passages().stream().filter(Passage::isIntact).count();
        return result.isRight()
                ? "All is right: " + intact + " transfers intact, all sixteen upcalls made."
                : "Something is WRONG: see what is in capital letters above, and every problem; please report it"
                        + " with this output and the trace.";
    }

    private static String bytes(Fingerprint data) {
        return data == null ? "none" : String.format(Locale.ROOT, "%,d", data.bytes());
    }

    private static String digits(Fingerprint data) {
        return data == null ? "none" : data.sha256().substring(0, DIGITS);
    }

    private void line(String text) {
        lines.add(text);
    }
}
