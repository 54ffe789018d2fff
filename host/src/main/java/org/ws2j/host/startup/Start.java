package org.ws2j.host.startup;

import java.util.List;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/**
 * One call of WSPStartup that the host has seen, from the moment it was entered.
 *
 * <p>It stands for its provider as the owner of handles that are made inside WSPStartup, when there is no table yet.
 */
final class Start implements HandleOwner {
    final String path;
    final WsaProtocolInfo info;

    /** The thread that has entered WSPStartup. */
    final Thread thread = Thread.currentThread();

    /** Null while WSPStartup runs. */
    private volatile StartedProvider provider;

    private volatile boolean forgotten;

    Start(String path, WsaProtocolInfo info) {
        this.path = path;
        this.info = info;
    }

    void ended(StartedProvider started) {
        provider = started;
    }

    /** It is in the list of starts no more: the provider was not started after all, or all of them have been cleaned up. */
    void markForgotten() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    boolean isDone() {
        return provider != null;
    }

    boolean runsHere() {
        return provider == null && thread == Thread.currentThread();
    }

    /** {@return the provider, null while WSPStartup runs} */
    StartedProvider provider() {
        return provider;
    }

    /** {@return the provider, which is this itself while WSPStartup runs} */
    HandleOwner owner() {
        StartedProvider started = provider;
        return started != null ? started : this;
    }

    List<Integer> chainEntries() {
        return info.protocolChain().chainEntries();
    }

    @Override
    public WspProcTable procTable() {
        StartedProvider started = provider;
        return started == null ? null : started.procTable();
    }

    @Override
    public String name() {
        return StartedProvider.name(path);
    }
}
