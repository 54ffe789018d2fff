package org.ws2j.programs.run;

import java.io.IOException;
import java.util.Optional;

/** What a program needs to be running. */
public enum ServerProgram {
    /** Nothing. */
    NONE {
        @Override
        public Optional<String> absence() {
            return Optional.empty();
        }

        @Override
        public RunningServer start() {
            return RunningServer.NONE;
        }
    },
    /** A Redis. */
    REDIS {
        @Override
        public Optional<String> absence() {
            return RedisServer.absence();
        }

        @Override
        public RunningServer start() throws IOException, InterruptedException {
            return RedisServer.start();
        }
    },
    /** A PostgreSQL. */
    POSTGRESQL {
        @Override
        public Optional<String> absence() {
            return PostgresServer.absence();
        }

        @Override
        public RunningServer start() throws IOException, InterruptedException {
            return PostgresServer.start();
        }
    };

    /** {@return why it cannot be started here; empty if it can} */
    public abstract Optional<String> absence();

    /**
     * Starts one, with nothing in it, on a free port of the loopback interface.
     *
     * @return the server, which takes connections
     * @throws IOException if it does not get that far
     * @throws InterruptedException if the thread is interrupted
     */
    public abstract RunningServer start() throws IOException, InterruptedException;
}
