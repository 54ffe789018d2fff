package org.ws2j.bench.program;

import org.ws2j.bench.measure.Side;

/**
 * A connection for each turn. A stream keeps for its life how full its buffers run, and one connection might be a lucky one; of
 * many the median is that of all.
 */
final class FreshConnections implements Side {
    /** Until the system has found how large its buffers should be. */
    private static final int SETTLING = 64;

    private final Load load;

    FreshConnections(Load load) {
        this.load = load;
    }

    @Override
    public String name() {
        return load.name();
    }

    @Override
    public void run(int operations) throws Exception {
        time(operations);
    }

    @Override
    public long time(int operations) throws Exception {
        try (Side connection = load.open()) {
            connection.run(SETTLING);
            return connection.time(operations);
        }
    }
}
