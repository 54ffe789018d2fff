package org.ws2j.programs;

import java.nio.channels.spi.SelectorProvider;

/** An agent that uses the network before another one can change it. */
public final class FirstAgent {
    private FirstAgent() {}

    /** Asks for the provider of channels, which is looked for once only. */
    public static void premain(String arguments) {
        SelectorProvider.provider();
    }
}
