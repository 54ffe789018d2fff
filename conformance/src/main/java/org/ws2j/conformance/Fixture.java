package org.ws2j.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.host.OpenHandles;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** A host with one stack in its catalog, for one check; afterwards nothing of it may be left. */
final class Fixture {
    private final Stack stack;
    private final Chain chain;
    private final List<Throwable> reports = new CopyOnWriteArrayList<>();
    private final Winsock winsock;
    private final Network network;
    private final Signals signals;
    private final Calls calls = new Calls();

    Fixture(Stack stack, Suite suite) throws Exception {
        this.stack = stack;
        chain = new Chain(stack);
        WinsockBuilder builder = Winsock.builder().catalog(chain.catalog()).reporter(
                (what, failure) -> reports.add(new AssertionError("reported to the host: " + what, failure)));
        suite.configure(builder);
        winsock = builder.build();
        network = new Network(winsock);
        signals = new Signals(winsock);
        winsock.wsaStartup(suite.version());
    }

    Winsock winsock() {
        return winsock;
    }

    Network network() {
        return network;
    }

    Signals signals() {
        return signals;
    }

    Calls calls() {
        return calls;
    }

    /** {@return what was reported since the last look} */
    List<Throwable> takeReports() {
        List<Throwable> taken = new ArrayList<>(reports);
        reports.removeAll(taken);
        return taken;
    }

    /** Closes everything, and finds what is left. */
    void end() throws Exception {
        try {
            network.close();
            calls.join();
            signals.close();
            assertNothingIsLeft(stack.keptPorts(), stack.keptWindows());
            cleanUp();
            assertNothingIsLeft(0, 0);
            winsock.close();
            assertNothingWasReported();
        } finally {
            abandon();
        }
    }

    /** Closes the host without asking for anything. */
    void abandon() throws Exception {
        winsock.close();
        chain.close();
    }

    /** A client may learn of his last completion a moment before the handle is released. */
    private void assertNothingIsLeft(int ports, int windows) {
        Bound.until(() -> "everything is released, but there are " + winsock.openHandles(),
                () -> holdsNoMore(winsock.openHandles(), ports, windows));
    }

    private static boolean holdsNoMore(OpenHandles open, int ports, int windows) {
        boolean noMore = open.ports() <= ports && open.windows() <= windows;
        return noMore && (open.sockets() | open.events() | open.threadIds()) == 0;
    }

    /** What providers hold while they are started goes with them. */
    private void cleanUp() throws WinsockException {
        try {
            while (true) {
                winsock.wsaCleanup();
            }
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSANOTINITIALISED)) {
                throw e;
            }
        }
    }

    private void assertNothingWasReported() {
        if (!reports.isEmpty()) {
            throw new AssertionError("the host was told of " + reports.size() + " failure(s)", reports.getFirst());
        }
    }
}
