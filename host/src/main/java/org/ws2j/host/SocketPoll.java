package org.ws2j.host;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;

/** WSAPoll: one ioctl of the provider that serves all sockets, which knows them by handles of its own. */
final class SocketPoll {
    /** Which of these a provider has is its matter; everything else cannot be asked. */
    private static final int ASKABLE =
            WsaPollFd.POLLRDNORM | WsaPollFd.POLLRDBAND | WsaPollFd.POLLWRNORM | WsaPollFd.POLLPRI;

    private final HostProcess process;
    private final ServingProviders serving;

    SocketPoll(HostProcess process, ServingProviders serving) {
        this.process = process;
        this.serving = serving;
    }

    int poll(WsaPollFd[] fds, int timeoutMillis) throws WinsockException {
        process.checkStarted();
        process.checkNotInHook();
        return process.told(() -> {
            List<WsaPollFd> entries = checked(fds);
            List<Served> served = served(entries);
            if (served.isEmpty()) {
                throw new WinsockException(WsaError.WSAEINVAL, "no entry is of an open socket");
            }
            // What is no socket is an answer, and nobody waits where there is one.
            while (!served.isEmpty() && !ask(served, answered(entries) > 0 ? 0 : timeoutMillis)) {
                served = served(entries);
            }
            return answered(entries);
        });
    }

    private static List<WsaPollFd> checked(WsaPollFd... fds) throws WinsockException {
        if (fds == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the array of entries is null");
        }
        if (fds.length == 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "there are no entries");
        }
        for (WsaPollFd fd : fds) {
            check(fd);
        }
        return List.of(fds);
    }

    private static void check(WsaPollFd fd) throws WinsockException {
        if (fd == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "an entry is null");
        }
        if (fd.fd() != null && (fd.events() & ~ASKABLE) != 0) {
            throw new WinsockException(
                    WsaError.WSAEINVAL, "nobody can ask for 0x" + Integer.toHexString(fd.events()) + " of " + fd.fd());
        }
    }

    /** An entry of the client, and the one that its provider gets. */
    private record Served(WsaPollFd entry, HostSocket socket, HostSocket handle, WsaPollFd below) {
        boolean isOpen() {
            return socket.isOpenForClient() && handle.isOpenForClient();
        }
    }

    /** Finds who serves the entries; those of no open socket are answered here, those that are left out are cleared. */
    private List<Served> served(List<WsaPollFd> entries) throws WinsockException {
        List<Served> served = new ArrayList<>();
        for (WsaPollFd entry : entries) {
            HostSocket socket = entry.fd() == null ? null : process.handles().any(entry.fd());
            HostSocket handle = socket == null ? null : serving(socket);
            if (handle == null) {
                entry.revents(entry.fd() == null ? 0 : WsaPollFd.POLLNVAL);
            } else {
                entry.revents(0);
                served.add(new Served(entry, socket, handle, new WsaPollFd(handle, entry.events())));
            }
        }
        return served;
    }

    /** {@return the handle that serves a socket; null if it is not open, or is closed while this asks} */
    private HostSocket serving(HostSocket socket) throws WinsockException {
        if (!socket.isOpenForClient()) {
            return null;
        }
        try {
            return serving.handle(socket, IoctlCode.SIO_BSP_HANDLE_POLL);
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAENOTSOCK)) {
                return null;
            }
            throw e;
        }
    }

    /** Asks the provider; {@return false if a socket was closed before the provider saw the question} */
    private boolean ask(List<Served> served, int timeoutMillis) throws WinsockException {
        HandleOwner provider =
                ServingProviders.common(served.stream().map(Served::handle).toList());
        WsaPollFd[] below = served.stream().map(Served::below).toArray(WsaPollFd[]::new);
        WsaPollData data = new WsaPollData(below, timeoutMillis);
        HostSocket first = served.getFirst().handle();
        try {
            serving.call("WSPIoctl", provider, table -> ServingProviders.done(
                    table.wspIoctl(first, IoctlCode.SIO_EXT_POLL, data, new IoctlResult(), null, null, null)));
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAENOTSOCK) && !served.getFirst().isOpen()) {
                return false;
            }
            throw e;
        }
        served.forEach(s -> s.entry().revents(s.below().revents()));
        return true;
    }

    private static int answered(List<WsaPollFd> entries) {
        return (int) entries.stream().filter(entry -> entry.revents() != 0).count();
    }
}
