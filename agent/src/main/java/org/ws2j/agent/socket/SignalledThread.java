package org.ws2j.agent.socket;

import org.ws2j.provider.tcpip.SystemThread;
import sun.nio.ch.NativeThread;

/** A thread that leaves a call of the system at the signal by which the JDK ends the calls of its own blocking sockets. */
final class SignalledThread implements SystemThread {
    private final long javaId = Thread.currentThread().threadId();
    private final long id = NativeThread.current();

    @Override
    public boolean isCurrent() {
        return Thread.currentThread().threadId() == javaId;
    }

    @Override
    public void driveOut() {
        NativeThread.signal(id);
    }
}
