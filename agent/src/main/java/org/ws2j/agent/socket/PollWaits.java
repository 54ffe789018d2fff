package org.ws2j.agent.socket;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.ws2j.provider.tcpip.ChannelWait;
import org.ws2j.provider.tcpip.ChannelWaits;
import org.ws2j.provider.tcpip.SystemThread;
import sun.nio.ch.IOUtil;
import sun.nio.ch.NativeThread;
import sun.nio.ch.SelChImpl;

/** Waits for the JDK's own channels by the calls of the system that its blocking sockets wait in. */
final class PollWaits implements ChannelWaits {
    @Override
    public ChannelWait create() {
        return new PollWait();
    }

    @Override
    public void configureBlocking(SelectableChannel channel, boolean blocking) throws IOException {
        if (blocking && NativeThread.current() == 0) {
            throw new IOException("a thread inside a call cannot be driven out on this system");
        }
        IOUtil.configureBlocking(((SelChImpl) channel).getFD(), blocking);
    }

    @Override
    public SystemThread currentThread() {
        return new SignalledThread();
    }
}
