package org.ws2j.agent.nio;

/** A channel of this provider, as selectors see it. */
interface NioChannel {
    /** {@return its keys; the same object each time} */
    ChannelKeys keys();

    /** {@return who has made it; its {@code provider()} is what the program knows of that one} */
    NioProvider maker();
}
