package org.ws2j.agent.nio;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.WinsockException;

/** A channel of this provider, as selectors see it. */
interface NioChannel {
    /** {@return its keys; the same object each time} */
    ChannelKeys keys();

    /** {@return the network that it belongs to; its {@code provider()} is what the program knows of that} */
    AgentNetwork network();

    /**
     * Changes the mode of a channel.
     *
     * @param channel the channel
     * @param socket its socket
     * @param keys its keys; null if it has had none
     * @param block whether it is to be blocking
     */
    static void configureBlocking(Channel channel, AgentSocket socket, ChannelKeys keys, boolean block)
            throws IOException {
        if (block && keys != null) {
            keys.removeCancelled();
        }
        try {
            socket.configureBlocking(block);
        } catch (WinsockException e) {
            throw channel.isOpen() ? socket.failure(e) : new ClosedChannelException();
        }
    }
}
