package org.ws2j.host.startup;

import java.util.List;
import org.ws2j.spi.WsaProtocolInfo;

/** One call of WSPStartup that the host has seen, from the moment it was entered. */
final class Start {
    final String path;
    final WsaProtocolInfo info;

    /** The thread in which WSPStartup was entered. */
    final Thread thread = Thread.currentThread();

    /** Null while WSPStartup runs. */
    volatile StartedProvider provider;

    Start(String path, WsaProtocolInfo info) {
        this.path = path;
        this.info = info;
    }

    boolean isDone() {
        return provider != null;
    }

    List<Integer> chainEntries() {
        return info.protocolChain().chainEntries();
    }
}
