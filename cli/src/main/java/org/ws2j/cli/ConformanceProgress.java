package org.ws2j.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.function.Consumer;
import org.ws2j.conformance.CheckResult;
import org.ws2j.conformance.CheckResult.Outcome;

/** Where a run of the conformance kit is, on one line of a terminal. */
final class ConformanceProgress implements Consumer<CheckResult>, AutoCloseable {
    /** Back to the beginning of the line, and nothing to the right of it. */
    private static final String CLEAR = "\r\u001b[K";

    private static final int WIDTH = 79;

    private final PrintWriter terminal;
    private int checks;
    private int failures;

    /** {@code terminal} is null where there is none. */
    ConformanceProgress(PrintWriter terminal) {
        this.terminal = terminal;
    }

    /** {@return one that shows itself if there is a terminal} */
    @SuppressWarnings("SystemConsoleNull") // It does again, since JDK 25.
    static ConformanceProgress on(PrintWriter err) {
        Console console = System.console();
        return new ConformanceProgress(console != null && console.isTerminal() ? err : null);
    }

    @Override
    public void accept(CheckResult result) {
        checks++;
        failures += result.outcome() == Outcome.FAILED ? 1 : 0;
        String line = checks + " checks, " + failures + " failed: " + result.suite() + " over " + result.stack();
        show(line.substring(0, Math.min(line.length(), WIDTH)));
    }

    private void show(String line) {
        if (terminal != null) {
            terminal.print(CLEAR + line);
            terminal.flush();
        }
    }

    @Override
    public void close() {
        show("");
    }
}
