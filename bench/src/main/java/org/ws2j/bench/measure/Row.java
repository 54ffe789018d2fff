package org.ws2j.bench.measure;

import java.util.Optional;

/** A row of the table: one subject, measured in several lines. */
public interface Row {
    /** {@return the name by which the command line asks for it, in lower case} */
    String id();

    /** {@return what it is about, for people} */
    String title();

    /** {@return why it cannot be measured here; empty if it can} */
    default Optional<String> absence() {
        return Optional.empty();
    }

    /** Measures, and gives its lines and samples to the run. */
    void measure(RowRun run) throws Exception;
}
