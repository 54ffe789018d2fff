package org.ws2j.bench.row;

/** What two threads hand to each other; each of them waits until it is handed over. */
interface Baton extends AutoCloseable {
    /** Called once on the other thread, before anything else there. */
    default void otherThread() throws Exception {}

    /** To the other thread. */
    void there() throws Exception;

    /** On the other thread: waits for {@link #there}. */
    void awaitThere() throws Exception;

    /** Back to the first thread. */
    void back() throws Exception;

    /** On the first thread: waits for {@link #back}. */
    void awaitBack() throws Exception;

    @Override
    default void close() throws Exception {}
}
