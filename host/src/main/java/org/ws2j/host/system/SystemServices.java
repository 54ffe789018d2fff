package org.ws2j.host.system;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.ws2j.host.thread.HostThread;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.MessageWindows;
import org.ws2j.spi.ProviderCatalog;
import org.ws2j.spi.Waits;

/**
 * The host services of one host, as one of its modules gets them; the client has the empty path.
 *
 * @param modulePath the path of the module that they are handed to
 * @param files the handles of the file system
 * @param handleNumbers the handles as numbers
 * @param waits the events and waits
 * @param ports the completion ports
 * @param windows the message windows
 * @param catalog the catalog, as providers see it
 * @param clock the clock
 * @param threads the threads
 * @param names finds the name that the program resolved to an address
 * @param reporter is told of failures that no caller can be told of
 */
public record SystemServices(
        String modulePath,
        FileHandles files,
        HandleNumbers handleNumbers,
        Waits waits,
        CompletionPorts ports,
        MessageWindows windows,
        ProviderCatalog catalog,
        HostClock clock,
        HostThreads threads,
        Function<InetAddress, Optional<String>> names,
        BiConsumer<String, Throwable> reporter)
        implements HostServices {

    /**
     * Returns the services as a module gets them.
     *
     * @param path where the module lies
     * @return the same services, with that path
     */
    public SystemServices forModule(String path) {
        return new SystemServices(
                path, files, handleNumbers, waits, ports, windows, catalog, clock, threads, names, reporter);
    }

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
        return names.apply(address);
    }

    @Override
    public void report(String what, Throwable failure) {
        reporter.accept(what, failure);
    }
}
