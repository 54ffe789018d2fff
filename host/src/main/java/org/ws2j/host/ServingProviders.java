package org.ws2j.host;

import java.util.Collection;
import org.ws2j.host.handle.FileSocket;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.startup.StartedProvider;
import org.ws2j.host.upcall.ThreadCalls;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspProcTable;

/**
 * Who serves select, WSAPoll and WSASendMsg for a socket. Each socket is asked for the handle that serves it: a layer that
 * claims the function answers its own, any other passes the question down, and a base provider answers its own.
 */
final class ServingProviders {
    /** What is asked of a provider. */
    @FunctionalInterface
    interface Call<T> {
        T of(WspProcTable table) throws WinsockException;
    }

    private final HostProcess process;

    ServingProviders(HostProcess process) {
        this.process = process;
    }

    /**
     * Asks for the handle that serves a socket.
     *
     * @param h the socket
     * @param code which function: one of the ioctls {@code SIO_BSP_HANDLE…}
     * @return the handle; the socket itself where nobody answers for it
     * @throws WinsockException {@code WSAENOTSOCK} if the answer is not an open socket, or the socket is just being closed;
     *     {@code WSASYSCALLFAILURE} if the provider throws what is no answer
     */
    HostSocket handle(HostSocket h, int code) throws WinsockException {
        IoctlResult out = new IoctlResult();
        try {
            call("WSPIoctl", h.owner(), table -> table.wspIoctl(h, code, null, out, null, null, null));
        } catch (WinsockException e) {
            if (e.is(WsaError.WSASYSCALLFAILURE) || e.is(WsaError.WSAENOTSOCK)) {
                throw e;
            }
            return h;
        }
        HostSocket serving = out.value() instanceof SocketHandle s ? process.handles().any(s) : null;
        if (serving == null || !serving.isOpenForClient()) {
            throw new WinsockException(WsaError.WSAENOTSOCK, "what serves " + h + " is not an open socket");
        }
        return serving;
    }

    /**
     * Finds the one provider that serves several handles. Handles of the file system that layers pass through are those of the
     * provider that made them, too.
     *
     * @param serving at least one handle
     * @return the provider
     * @throws WinsockException {@code WSAEINVAL} if there are several
     */
    static HandleOwner common(Collection<HostSocket> serving) throws WinsockException {
        HostSocket first = serving.iterator().next();
        if (serving.stream().allMatch(h -> isSame(h.owner(), first.owner()))) {
            return first.owner();
        }
        HandleOwner base = base(first);
        for (HostSocket h : serving) {
            if (!isSame(base(h), base)) {
                throw new WinsockException(
                        WsaError.WSAEINVAL,
                        "sockets that several providers serve: " + base(h).name() + " and " + base.name());
            }
        }
        return base;
    }

    private static HandleOwner base(HostSocket h) {
        return h instanceof FileSocket file ? file.base() : h.owner();
    }

    /** A provider that was started by several others may have a table for each of them; it is one provider all the same. */
    static boolean isSame(HandleOwner a, HandleOwner b) {
        if (a.procTable() == b.procTable()) {
            return true;
        }
        return a instanceof StartedProvider p
                && b instanceof StartedProvider q
                && p.info().providerId().equals(q.info().providerId());
    }

    /** {@return whether a provider is a layer: what it serves it has claimed} */
    static boolean isLayer(HandleOwner provider) {
        return provider instanceof StartedProvider started && started.info().protocolChain().isChain();
    }

    /** Checks the result of an ioctl that is over when it returns, and transfers nothing. */
    static long done(long result) throws WinsockException {
        if (result != 0) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "the provider's WSPIoctl returned " + result);
        }
        return result;
    }

    /** Calls a provider; its failure is not the thread's last error yet. */
    <T> T call(String name, HandleOwner provider, Call<T> call) throws WinsockException {
        ThreadCalls calls = process.hooks().state();
        calls.enter(provider);
        try {
            return call.of(provider.procTable());
        } catch (Throwable e) {
            throw process.answer(name, e);
        } finally {
            calls.leave();
        }
    }
}
