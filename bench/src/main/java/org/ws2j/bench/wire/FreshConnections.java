package org.ws2j.bench.wire;

import org.ws2j.bench.measure.Side;

/**
 * A connection for each turn. A stream keeps for its life how full its buffers run, and one connection might be a lucky one; of
 * many the median is that of all.
 */
public final class FreshConnections implements Side {
    /** Makes a connection. */
    @FunctionalInterface
    public interface Opening {
        Side open() throws Exception;
    }

    /** Until the system has found how large its buffers should be. */
    private static final int SETTLING = 64;

    private final String name;
    private final Opening opening;
    private final AutoCloseable host;

    public FreshConnections(String name, Opening opening) {
        this(name, opening, () -> {});
    }

    /** With what the connections live in, closed after the last of them. */
    public FreshConnections(String name, Opening opening, AutoCloseable host) {
        this.name = name;
        this.opening = opening;
        this.host = host;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int operations) throws Exception {
        time(operations);
    }

    @Override
    public long time(int operations) throws Exception {
        try (Side connection = opening.open()) {
            connection.run(SETTLING);
            return connection.time(operations);
        }
    }

    @Override
    public void close() throws Exception {
        host.close();
    }
}
