package org.ws2j.provider.tcpip;

/** A thread of the operating system that waits inside a read or a write; see {@link ChannelWaits#configureBlocking}. */
public interface SystemThread {
    /** {@return whether it is the calling one} */
    boolean isCurrent();

    /**
     * Ends the call that it waits in; a call that it is just on its way into goes on, and takes another call of this. Whoever calls has
     * made sure that the thread does not leave the place meanwhile. Does not wait itself.
     */
    void driveOut();
}
