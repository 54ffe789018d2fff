package org.ws2j.concurrency;

import java.lang.reflect.Proxy;
import org.ws2j.host.event.EventWaits;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.host.port.IoCompletionPorts;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.host.upcall.Completions;
import org.ws2j.spi.WspProcTable;

/**
 * The parts of one host that all samples of a run share, as all sockets of a program share its host.
 *
 * <p>Each sample makes its own events, ports and handles, and its arbiter closes them. The parts are static because jcstress
 * makes the samples, a great many of them, and a host for each would measure the making of hosts.
 */
public final class Host {
    /** Milliseconds that are more than any wait here may take. */
    public static final long LONG = 10_000;

    /** Milliseconds that are so few that the time is over about when something comes. */
    public static final long BRIEF = 1;

    /** The threads of the host. */
    public static final HostThreads THREADS = new HostThreads(new SystemClock(), Host::fail);

    /** Its events. */
    public static final EventWaits EVENTS = new EventWaits(THREADS);

    /** Its completion ports. */
    public static final IoCompletionPorts PORTS = new IoCompletionPorts(THREADS);

    /** Its completion of overlapped operations. */
    public static final Completions COMPLETIONS = new Completions(EVENTS, PORTS, Host::fail);

    /** A provider that serves sockets; nobody calls its functions here. */
    public static final HandleOwner OWNER = new Owner();

    /** What the provider keeps with each handle. */
    public static final Object CONTEXT = new Object();

    private Host() {
    }

    /** {@return a table of handles without any} */
    public static HandleTable newHandleTable() {
        return new HandleTable(THREADS, Host::fail);
    }

    private static void fail(String what, Throwable failure) {
        throw new AssertionError(what, failure);
    }

    private static final class Owner implements HandleOwner {
        private final WspProcTable functions = (WspProcTable) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {WspProcTable.class}, (proxy, function, arguments) -> {
                    throw new UnsupportedOperationException(function.getName());
                });

        @Override
        public WspProcTable procTable() {
            return functions;
        }

        @Override
        public String name() {
            return "owner";
        }
    }
}
