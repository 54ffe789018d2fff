package org.ws2j.bench.wire;

/** The thread at the other end of a connection; ends when the connection does. */
abstract class Peer implements AutoCloseable {
    private final Connection connection;
    private final Thread thread;
    private volatile boolean isClosing;
    private volatile Exception failure;

    Peer(String name, Connection connection) {
        this.connection = connection;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    final End client() {
        return connection.client();
    }

    /** Serves until the connection ends. */
    abstract void serve(End server) throws Exception;

    private void run() {
        try (End server = connection.server()) {
            serve(server);
        } catch (Exception e) {
            // What comes of the connection being closed is how the thread ends.
            if (!isClosing) {
                failure = e;
            }
        }
    }

    /** What went wrong at the other end is worth more than what came of it here. */
    final <E extends Exception> void check(E here) throws Exception {
        if (failure != null) {
            failure.addSuppressed(here);
            throw failure;
        }
        throw here;
    }

    @Override
    public void close() throws Exception {
        isClosing = true;
        connection.client().close();
        thread.join();
        connection.host().close();
    }
}
