package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** Whether the system has reads and writes of a stream wait, and whom: for each direction who holds its {@link Side}. */
final class BlockingStream {
    private final ChannelWaits waits;
    private final Insider receiver;
    private final Insider sender;

    /** Set with both sides of the socket held, and taken back with either. */
    private volatile boolean blocking;

    BlockingStream(ChannelWaits waits) {
        this.waits = waits;
        receiver = new Insider(waits);
        sender = new Insider(waits);
    }

    boolean isBlocking() {
        return blocking;
    }

    void block(SocketChannel stream) throws IOException {
        waits.configureBlocking(stream, true);
        blocking = true;
    }

    void unblock(SocketChannel stream) throws IOException {
        waits.configureBlocking(stream, false);
        blocking = false;
    }

    /** Another stream is in its place, or about to be. */
    void forget() {
        blocking = false;
    }

    Insider receiver() {
        return receiver;
    }

    Insider sender() {
        return sender;
    }

    /** Who waits in one direction. */
    static final class Insider {
        private final ChannelWaits waits;

        /** The last one; written by who holds the side, before it goes inside. */
        private SystemThread thread;

        private Insider(ChannelWaits waits) {
            this.waits = waits;
        }

        /** The calling thread is about to go inside. */
        void enter() {
            if (thread == null || !thread.isCurrent()) {
                thread = waits.currentThread();
            }
        }

        /** Drives out who is inside. */
        void driveOut() {
            thread.driveOut();
        }
    }
}
