package org.ws2j.agent.program;

import java.nio.channels.spi.AsynchronousChannelProvider;

/** An agent that uses asynchronous channels, and no others, before anybody else. */
public final class EarlyAsyncAgent {
    private EarlyAsyncAgent() {}

    public static void premain(String arguments) {
        AsynchronousChannelProvider.provider();
    }
}
