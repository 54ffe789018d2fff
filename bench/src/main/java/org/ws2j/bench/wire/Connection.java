package org.ws2j.bench.wire;

/**
 * Two ends that are connected to each other.
 *
 * @param client the end of the thread that measures
 * @param server the end of the other thread
 * @param host what they live in, closed after them
 */
public record Connection(End client, End server, AutoCloseable host) {
    /** Makes a connection. */
    @FunctionalInterface
    public interface Maker {
        Connection make() throws Exception;
    }

    public Connection(End client, End server) {
        this(client, server, () -> {});
    }
}
