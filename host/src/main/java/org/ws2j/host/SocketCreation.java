package org.ws2j.host;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.ws2j.host.catalog.CatalogEntry;
import org.ws2j.host.catalog.CatalogState;
import org.ws2j.host.catalog.ProtocolMatcher;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.startup.StartedProvider;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.host.thread.ThreadSlot;
import org.ws2j.host.upcall.ThreadCalls;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.Qos;
import org.ws2j.spi.SocketFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspProcTable;

/** Where descriptors are born and closed, and what else needs the catalog. */
final class SocketCreation {
    private final HostProcess process;

    /** SO_OPENTYPE of each thread: 0 for overlapped sockets. */
    private final ThreadSlot<int[]> openType;

    SocketCreation(HostProcess process) {
        this.process = process;
        openType = process.threads().newSlot(thread -> new int[1]);
    }

    SocketHandle socket(int af, int type, int protocol) throws WinsockException {
        process.checkStarted();
        boolean overlapped = openType.of(process.threads().current())[0] == 0;
        return wsaSocket(af, type, protocol, null, 0, overlapped ? SocketFlag.WSA_FLAG_OVERLAPPED : 0);
    }

    SocketHandle wsaSocket(int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
            throws WinsockException {
        process.checkStarted();
        process.checkNotInHook();
        return process.told(() -> info == null
                ? firstThatFits(af, type, protocol, g, flags)
                : create(known(info), af, type, protocol, info, g, flags));
    }

    private SocketHandle firstThatFits(int af, int type, int protocol, int g, int flags) throws WinsockException {
        WinsockException busy = null;
        for (CatalogEntry entry : ProtocolMatcher.match(process.snapshot(), af, type, protocol)) {
            try {
                return create(entry.info(), af, type, protocol, entry.info(), g, flags);
            } catch (WinsockException e) {
                if (!e.is(WsaError.WSAEINPROGRESS)) {
                    throw e;
                }
                busy = e;
            }
        }
        throw Objects.requireNonNull(busy);
    }

    private WsaProtocolInfo known(WsaProtocolInfo info) throws WinsockException {
        WsaProtocolInfo entry =
                ProtocolMatcher.byId(process.snapshot(), info.catalogEntryId()).info();
        if (entry.protocolChain().isLayer()) {
            throw new WinsockException(
                    WsaError.WSAEINVAL,
                    "catalog entry " + entry.catalogEntryId() + " is a layer alone: no socket can be made of it");
        }
        return entry;
    }

    private SocketHandle create(
            WsaProtocolInfo entry, int af, int type, int protocol, WsaProtocolInfo info, int g, int flags)
            throws WinsockException {
        StartedProvider provider = process.registry().start(entry);
        WspProcTable table = provider.procTable();
        SocketHandle s = in(provider, "WSPSocket", () -> table.wspSocket(af, type, protocol, info, g, flags));
        HostSocket h = registered("WSPSocket", table, s);
        h.allowOverlapped((flags & SocketFlag.WSA_FLAG_OVERLAPPED) != 0);
        h.markApplication();
        return h;
    }

    SocketHandle accept(SocketHandle s, AddressHolder addr, ConditionProc condition) throws WinsockException {
        HostSocket listener = process.open(s);
        process.checkNotInHook();
        return process.told(() -> {
            WspProcTable table = listener.procTable();
            SocketHandle accepted =
                    in(listener.owner(), "WSPAccept", () -> table.wspAccept(listener, addr, condition));
            return accepted == null ? null : born("WSPAccept", listener, accepted);
        });
    }

    SocketHandle joinLeaf(
            SocketHandle s, SocketAddress name, ByteBuffer caller, ByteBuffer callee, Qos sqos, Qos gqos, int flags)
            throws WinsockException {
        HostSocket root = process.open(s);
        process.checkNotInHook();
        return process.told(() -> {
            WspProcTable table = root.procTable();
            SocketHandle leaf = in(
                    root.owner(),
                    "WSPJoinLeaf",
                    () -> table.wspJoinLeaf(root, name, caller, callee, sqos, gqos, flags));
            return leaf == root ? root : born("WSPJoinLeaf", root, leaf);
        });
    }

    private SocketHandle born(String call, HostSocket parent, SocketHandle s) throws WinsockException {
        HostSocket h = registered(call, parent.procTable(), s);
        h.allowOverlapped(parent.allowsOverlapped());
        h.markApplication();
        return h;
    }

    /** A handle that this host never issued, or that is not registered as a socket, does not reach the application. */
    private HostSocket registered(String call, WspProcTable table, SocketHandle s) throws WinsockException {
        ProviderCalls.present(call, s);
        HostSocket h = process.handles().any(s);
        if (h != null && h.isOpenForClient()) {
            return h;
        }
        process.checkStarted(); // The last clean-up may just have released it.
        WinsockException refused = new WinsockException(
                WsaError.WSAEINVALIDPROVIDER,
                "the provider's " + call + " returned a handle that is no registered socket");
        try {
            table.wspCloseSocket(s);
        } catch (Throwable e) {
            refused.addSuppressed(process.answer("WSPCloseSocket", e));
        }
        throw refused;
    }

    void close(SocketHandle s) throws WinsockException {
        HostSocket h = process.open(s);
        process.checkNotInHook();
        process.told(() -> {
            h.beginClose();
            boolean closed = false;
            try {
                WspProcTable table = h.procTable();
                in(h.owner(), "WSPCloseSocket", () -> {
                    table.wspCloseSocket(h);
                    return null;
                });
                closed = true;
            } finally {
                if (closed) {
                    h.endClose();
                } else {
                    h.abandonClose();
                }
            }
            return null;
        });
    }

    Object getOption(SocketHandle s, int level, int name) throws WinsockException {
        if (isOpenType(level, name)) {
            process.checkStarted();
            return openType.of(process.threads().current())[0];
        }
        return process.present("WSPGetSockOpt", s, (t, h) -> t.wspGetSockOpt(h, level, name));
    }

    void setOption(SocketHandle s, int level, int name, Object value) throws WinsockException {
        if (isOpenType(level, name)) {
            process.checkStarted();
            process.told(() -> {
                if (!(value instanceof Integer kind)) {
                    throw new WinsockException(WsaError.WSAEFAULT, "SO_OPENTYPE takes an Integer, not " + value);
                }
                openType.of(process.threads().current())[0] = kind;
                return null;
            });
            return;
        }
        process.run("WSPSetSockOpt", s, (t, h) -> t.wspSetSockOpt(h, level, name, value));
    }

    private static boolean isOpenType(int level, int name) {
        return level == SocketOption.SOL_SOCKET && name == SocketOption.SO_OPENTYPE;
    }

    String addressToString(SocketAddress address, WsaProtocolInfo info) throws WinsockException {
        process.checkStarted();
        return process.told(() -> {
            if (address == null) {
                throw new WinsockException(WsaError.WSAEFAULT, "the address is null");
            }
            WsaProtocolInfo entry = info != null ? info : firstOfFamily(familyOf(address));
            StartedProvider provider = process.registry().start(known(entry));
            String text = in(
                    provider, "WSPAddressToString", () -> provider.procTable().wspAddressToString(address, entry));
            return ProviderCalls.present("WSPAddressToString", text);
        });
    }

    SocketAddress stringToAddress(String text, int family, WsaProtocolInfo info) throws WinsockException {
        process.checkStarted();
        return process.told(() -> {
            if (text == null) {
                throw new WinsockException(WsaError.WSAEFAULT, "the text is null");
            }
            WsaProtocolInfo entry = info != null ? info : firstOfFamily(family);
            StartedProvider provider = process.registry().start(known(entry));
            SocketAddress address = in(
                    provider,
                    "WSPStringToAddress",
                    () -> provider.procTable().wspStringToAddress(text, family, entry));
            return ProviderCalls.present("WSPStringToAddress", address);
        });
    }

    private WsaProtocolInfo firstOfFamily(int family) throws WinsockException {
        CatalogState state = process.snapshot();
        for (CatalogEntry entry : state.entries()) {
            WsaProtocolInfo info = entry.info();
            if (info.addressFamily() == family && !info.protocolChain().isLayer()) {
                return info;
            }
        }
        throw new WinsockException(WsaError.WSAEINVAL, "no catalog entry has the address family " + family);
    }

    private static int familyOf(SocketAddress address) throws WinsockException {
        if (address instanceof InetSocketAddress inet) {
            return inet.getAddress() instanceof Inet4Address ? AddressFamily.AF_INET : AddressFamily.AF_INET6;
        }
        throw new WinsockException(WsaError.WSAEINVAL, "the address family of " + address + " is not known");
    }

    private <T> T in(HandleOwner provider, String call, HostProcess.Action<T> action) throws WinsockException {
        ThreadCalls calls = process.hooks().state();
        calls.enter(provider);
        try {
            return action.perform();
        } catch (Throwable e) {
            throw process.answer(call, e);
        } finally {
            calls.leave();
        }
    }
}
