package org.ws2j.host.startup;

import java.util.List;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/**
 * The start-up function of a module, as everybody gets it who loads the module's path: it remembers who was started, so that
 * the host knows the providers that layers have started below themselves.
 */
final class LoadedModule implements TransportProvider {
    private final String path;
    private final TransportProvider provider;
    private final List<Start> starts;
    private final StartObserver observer;

    LoadedModule(String path, TransportProvider provider, List<Start> starts, StartObserver observer) {
        this.path = path;
        this.provider = observer.loaded(StartedProvider.nameOf(path), provider);
        this.starts = starts;
        this.observer = observer;
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        Start start = new Start(path, protocolInfo);
        starts.add(start);
        try {
            WspStartup startup = provider.wspStartup(requested, protocolInfo, upcalls);
            if (startup == null || startup.procTable() == null) {
                return startup;
            }
            StartedProvider started =
                    observer.started(new StartedProvider(path, protocolInfo, startup.data(), startup.procTable()));
            start.provider = started;
            WspProcTable table = started.procTable();
            return table == startup.procTable() ? startup : new WspStartup(startup.data(), table);
        } finally {
            if (!start.isDone()) {
                forget(start);
            }
        }
    }

    /** Forgets a start-up that failed, and those of the providers below that it had made on its way. */
    private void forget(Start failed) {
        int from = starts.indexOf(failed);
        if (from >= 0) {
            starts.removeAll(starts.stream().skip(from).filter(s -> s.thread == failed.thread).toList());
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
