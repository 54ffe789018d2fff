package org.ws2j.cli.demo;

import java.io.IOException;
import org.ws2j.host.Winsock;

/**
 * One way to use sockets.
 *
 * @param name a word, the path at the HTTP server
 * @param style what is shown
 * @param play does it, and remarks on it
 * @param <C> what is said: {@link HttpConversation} or {@link EchoConversation}
 */
record Scene<C>(String name, String style, Play<C> play) {
    /** How long a client waits for anything, in milliseconds. */
    static final int PATIENCE_MILLIS = 10_000;

    /** The size of the clients' buffers. */
    static final int BUFFER_BYTES = 16_384;

    /** Holds a conversation by a client's functions. */
    @FunctionalInterface
    interface Play<C> {
        /**
         * Holds the conversation, up to the end of the stream or the last datagram.
         *
         * @param winsock the host, started
         * @param conversation what to say, and where to put what is heard
         * @return a remark on what was special
         */
        String play(Winsock winsock, C conversation) throws IOException;
    }
}
