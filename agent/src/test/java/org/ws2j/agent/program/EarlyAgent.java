package org.ws2j.agent.program;

import java.nio.channels.spi.SelectorProvider;

/** An agent that uses channels before anybody else. */
public final class EarlyAgent {
    private EarlyAgent() {}

    public static void premain(String arguments) {
        SelectorProvider.provider();
    }
}
