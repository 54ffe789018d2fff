package org.ws2j.agent;

import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the channels that are the JDK's own under the agent, too, because no layer knows what they carry. */
final class Unlayered {
    private final AtomicInteger unix = new AtomicInteger();
    private final AtomicInteger pipes = new AtomicInteger();
    private final AtomicInteger inherited = new AtomicInteger();

    /** Counts a channel that has been opened for a family. */
    <C> C counted(ProtocolFamily family, C channel) {
        if (family == StandardProtocolFamily.UNIX) {
            unix.incrementAndGet();
        }
        return channel;
    }

    /** Counts a pipe. */
    <P> P pipe(P pipe) {
        pipes.incrementAndGet();
        return pipe;
    }

    /** Counts the inherited channel, if there is one. */
    <C> C inherited(C channel) {
        if (channel != null) {
            inherited.incrementAndGet();
        }
        return channel;
    }

    @Override
    public String toString() {
        return unix + " Unix-domain, " + pipes + " pipes, " + inherited + " inherited";
    }

    boolean isEmpty() {
        return unix.get() + pipes.get() + inherited.get() == 0;
    }
}
