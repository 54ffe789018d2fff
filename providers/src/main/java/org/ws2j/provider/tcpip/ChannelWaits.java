package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/**
 * How the threads of the operating system wait for single channels, where a transport has more than selectors for that: given to
 * {@link TcpIpModule#TcpIpModule(java.nio.channels.spi.SelectorProvider, ChannelWaits)}.
 *
 * <p>May be used from any thread.
 */
public interface ChannelWaits {
    /** {@return what one thread at a time waits with} */
    ChannelWait create();

    /**
     * Sets whether the system has reads and writes of a channel wait. The channel itself stays in non-blocking mode, and knows nothing
     * of it: its calls then simply take their time. {@link SystemThread#driveOut()} ends them, and they answer as one that would block,
     * with the part that is done, or less than the end of a stream.
     *
     * @param channel a channel of the transport that is open, and stays so until this returns
     * @param blocking whether calls wait
     * @throws IOException if the system refuses
     */
    void configureBlocking(SelectableChannel channel, boolean blocking) throws IOException;

    /** {@return the calling thread, one of the operating system} */
    SystemThread currentThread();
}
