package org.ws2j.agent.nio;

import org.ws2j.agent.socket.AgentNetwork;

/** A channel of this provider, as selectors see it. */
interface NioChannel {
    /** {@return its keys; the same object each time} */
    ChannelKeys keys();

    /** {@return the network that it belongs to; its {@code provider()} is what the program knows of that} */
    AgentNetwork network();
}
