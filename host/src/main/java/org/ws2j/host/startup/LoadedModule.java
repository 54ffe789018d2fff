package org.ws2j.host.startup;

import java.util.function.UnaryOperator;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/**
 * The start-up function of a module, as everybody gets it who loads the module's path: it remembers who was started, so that
 * the host knows the providers that layers have started below themselves.
 */
final class LoadedModule implements TransportProvider {
    /** More than any chain of chains has layers, and far less than a stack holds. */
    private static final int MOST_NESTED = 64;

    private final String path;
    private final String digest;
    private final TransportProvider provider;
    private final Starts starts;
    private final UnaryOperator<StartedProvider> observer;

    LoadedModule(
            String path,
            String digest,
            TransportProvider provider,
            Starts starts,
            UnaryOperator<StartedProvider> observer) {
        this.path = path;
        this.digest = digest;
        this.provider = provider;
        this.starts = starts;
        this.observer = observer;
    }

    /** {@return the digest that the module's file had when it was loaded; null without a file} */
    String digest() {
        return digest;
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        checkDepth();
        Start start = new Start(path, protocolInfo);
        starts.add(start);
        try {
            WspStartup startup = provider.wspStartup(requested, protocolInfo, upcalls);
            if (startup == null || startup.procTable() == null || ProcTables.hole(startup.procTable()) != null) {
                // For the caller to refuse. An observer's table would hide the hole.
                return startup;
            }
            StartedProvider started =
                    observer.apply(new StartedProvider(path, protocolInfo, startup.data(), startup.procTable()));
            start.ended(started);
            WspProcTable table = started.procTable();
            return table == startup.procTable() ? startup : new WspStartup(startup.data(), table);
        } finally {
            if (!start.isDone()) {
                starts.forgetFrom(start);
            }
        }
    }

    /** A layer that starts itself, or the one above it, would do so until the stack ends. */
    private void checkDepth() throws WinsockException {
        long depth = starts.stream().filter(Start::runsHere).count();
        if (depth >= MOST_NESTED) {
            throw new WinsockException(
                    WsaError.WSAEPROVIDERFAILEDINIT,
                    path + " is started inside " + depth + " other start-ups: a layer starts itself, or one above it");
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
