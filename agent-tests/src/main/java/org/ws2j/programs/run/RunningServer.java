package org.ws2j.programs.run;

import java.io.IOException;

/** A server that runs until it is closed. */
public interface RunningServer extends AutoCloseable {
    /** No server. */
    RunningServer NONE = new RunningServer() {
        @Override
        public String[] arguments() {
            return new String[0];
        }

        @Override
        public void close() {}
    };

    /** {@return what a program has to be told to find it} */
    String[] arguments();

    @Override
    void close() throws IOException;
}
