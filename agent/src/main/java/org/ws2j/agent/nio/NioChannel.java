package org.ws2j.agent.nio;

/** A channel of this provider, as selectors see it. */
interface NioChannel {
    /** {@return its keys; the same object each time} */
    ChannelKeys keys();
}
