package org.ws2j.host.system;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.MessageWindows;
import org.ws2j.spi.ProviderCatalog;
import org.ws2j.spi.Waits;

/**
 * The host services of one host.
 *
 * @param files the handles of the file system
 * @param waits the events and waits
 * @param ports the completion ports
 * @param windows the message windows
 * @param catalog the catalog, as providers see it
 * @param clock the clock
 * @param threads the threads
 * @param names the names that the program resolved
 * @param reporter is told of failures that no caller can be told of
 */
public record SystemServices(
        FileHandles files,
        Waits waits,
        CompletionPorts ports,
        MessageWindows windows,
        ProviderCatalog catalog,
        HostClock clock,
        HostThreads threads,
        ResolvedNames names,
        BiConsumer<String, Throwable> reporter)
        implements HostServices {

    @Override
    public int wsaGetLastError() {
        HostThread thread = threads.currentOrNull();
        return thread == null ? 0 : thread.lastError();
    }

    @Override
    public void wsaSetLastError(int error) {
        threads.current().lastError(error);
    }

    @Override
    public Optional<String> resolvedName(InetAddress address) {
        return names.nameOf(address);
    }

    @Override
    public void report(String what, Throwable failure) {
        reporter.accept(what, failure);
    }
}
