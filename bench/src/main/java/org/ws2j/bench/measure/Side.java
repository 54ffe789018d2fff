package org.ws2j.bench.measure;

/** One of the things that are compared: does an operation again and again. */
public interface Side extends AutoCloseable {
    /** What is behind the name of the second instance of a reference. */
    String AGAIN = " again";

    /** The work itself: the loop over the operations is the side's own, so that nothing stands between them. */
    @FunctionalInterface
    interface Batch {
        void run(int operations) throws Exception;
    }

    String name();

    /** Does so many operations, and returns when the last one is over. */
    void run(int operations) throws Exception;

    /** {@return the nanoseconds that so many operations take; what is done elsewhere is timed there} */
    default long time(int operations) throws Exception {
        long start = System.nanoTime();
        run(operations);
        return System.nanoTime() - start;
    }

    @Override
    default void close() throws Exception {}

    /** {@return a side that holds nothing to close} */
    static Side of(String name, Batch batch) {
        return new Side() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(int operations) throws Exception {
                batch.run(operations);
            }
        };
    }

    /** {@return a side under another name} */
    default Side named(String name) {
        Side self = this;
        return new Side() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(int operations) throws Exception {
                self.run(operations);
            }

            @Override
            public long time(int operations) throws Exception {
                return self.time(operations);
            }

            @Override
            public void close() throws Exception {
                self.close();
            }
        };
    }

    /** {@return a second instance of a reference, to be measured against the first: the A/A row} */
    default Side again() {
        return named(name() + AGAIN);
    }
}
