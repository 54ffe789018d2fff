package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/**
 * A wait for one channel that costs less than a selector; see {@link ChannelWaits}. An object serves one wait at a time, by
 * threads of the operating system; virtual threads wait without.
 */
public interface ChannelWait {
    /**
     * Waits until the channel is ready for one of the operations, {@link #wake} is called or was since the last wait, the time has
     * passed, or for no reason.
     *
     * @param channel a channel of the transport, in non-blocking mode; it may be closed meanwhile, whereupon {@code wake} is
     * called
     * @param operations what it is to be ready for, as the operations of a selection key; not 0
     * @param nanos how long in nanoseconds, more than 0; {@link Long#MAX_VALUE} for no limit
     * @param endsAtInterrupt whether the wait ends, or does not begin, when the thread is interrupted; its status stays set
     * @throws IOException if the system refuses to wait
     */
    void await(SelectableChannel channel, int operations, long nanos, boolean endsAtInterrupt) throws IOException;

    /** Ends the present wait or else the next one. May be called from any thread, and does not wait itself. */
    void wake();
}
