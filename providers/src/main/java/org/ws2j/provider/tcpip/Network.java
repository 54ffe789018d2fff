package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ArrayBlockingQueue;
import org.ws2j.provider.base.BlockingCalls;
import org.ws2j.provider.base.Duplicates;
import org.ws2j.provider.base.NetworkEvents;
import org.ws2j.provider.base.OpenSockets;
import org.ws2j.provider.base.StartedProvider;
import org.ws2j.provider.extension.Extensions;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** What the sockets of one started provider share, from its first start-up to its last clean-up. */
final class Network implements StartedProvider {
    /** Room for the largest datagram there can be. */
    static final int MAX_DATAGRAM = 65_535;

    private static final int MAX_SCRATCH = 4;

    private static final int MAX_SELECTS = 16;

    private final HostServices services;
    private final FileHandles files;
    private final Upcalls upcalls;
    private final SelectorProvider transport;
    private final Poller poller = new Poller(this);
    private final WaiterPool waiters;
    private final BlockingCalls blockingCalls = new BlockingCalls();
    private final OpenSockets<TcpIpSocket> sockets = new OpenSockets<>(TcpIpSocket.class);
    private final ArrayBlockingQueue<ByteBuffer> scratch = new ArrayBlockingQueue<>(MAX_SCRATCH);
    private final ArrayBlockingQueue<SelectCall> selects = new ArrayBlockingQueue<>(MAX_SELECTS);
    private final TcpIpTable table;
    private final Extensions extensions = new Extensions(new TcpIpExtensions(this));

    private final Duplicates<TcpIpSocket> duplicates = new Duplicates<>();
    /** Of sockets that have selected nothing, and so never changed. */
    private final NetworkEvents noEvents = new NetworkEvents(this, "a socket that has selected nothing");

    private volatile boolean down;

    Network(HostServices services, Upcalls upcalls, SelectorProvider transport, ChannelWaits waits,
            TcpIpProvider provider) {
        this.services = services;
        this.files = services.files();
        this.upcalls = upcalls;
        this.transport = transport;
        this.waiters = new WaiterPool(transport, waits);
        this.table = new TcpIpTable(this, provider);
    }

    TcpIpTable table() {
        return table;
    }

    Extensions extensions() {
        return extensions;
    }

    @Override
    public HostServices services() {
        return services;
    }

    @Override
    public Upcalls upcalls() {
        return upcalls;
    }

    FileHandles files() {
        return files;
    }

    SelectorProvider transport() {
        return transport;
    }

    Poller poller() {
        return poller;
    }

    NetworkEvents noEvents() {
        return noEvents;
    }

    WaiterPool waiters() {
        return waiters;
    }

    @Override
    public BlockingCalls blockingCalls() {
        return blockingCalls;
    }

    @Override
    public boolean isDown() {
        return down;
    }

    /** {@return the socket behind a handle} */
    TcpIpSocket socket(SocketHandle s) throws WinsockException {
        checkUp();
        if (s != null && files.fileObject(s) instanceof TcpIpSocket socket && socket.network == this) {
            return socket;
        }
        throw new WinsockException(WsaError.WSAENOTSOCK, s + " is not a socket of the TCP/IP provider");
    }

    void checkUp() throws WinsockException {
        if (down) {
            throw new WinsockException(WsaError.WSANOTINITIALISED, "the TCP/IP provider was cleaned up");
        }
    }

    /** Gives a new socket its handle, registered for the entry that it was made for. */
    SocketHandle publish(TcpIpSocket socket) throws WinsockException {
        SocketHandle made;
        try {
            made = files.createFileHandle(socket);
        } catch (WinsockException e) {
            closeUnpublished(socket, e);
            throw e;
        }
        try {
            socket.handles.first(made);
            sockets.add(socket);
            SocketHandle handle = upcalls.wpuModifyIfsHandle(socket.info.catalogEntryId(), made);
            socket.handles.first(handle);
            checkUp();
            return handle;
        } catch (WinsockException e) {
            throw unpublished(made, e);
        }
    }

    /** Closes a handle that does not come into the world; {@return why} */
    private WinsockException unpublished(SocketHandle made, WinsockException why) throws WinsockException {
        closeAtCleanUp(made);
        checkUp();
        return why;
    }

    /** {@return the entry of a socket with a token that makes one more handle of it, once} */
    WsaProtocolInfo offerDuplicate(TcpIpSocket socket) {
        return duplicates.offer(socket, socket.info);
    }

    /** Makes a handle for a token, registered for the entry that came with it: a layer puts its own in there. */
    SocketHandle takeDuplicate(WsaProtocolInfo info) throws WinsockException {
        TcpIpSocket socket = duplicates.take(info);
        SocketHandle made = duplicateHandle(socket);
        try {
            SocketHandle handle = upcalls.wpuModifyIfsHandle(info.catalogEntryId(), made);
            socket.handles.add(socket, handle, socket.state == SocketState.OPEN);
            socket.endWaitsOfClosed();
            checkUp();
            return handle;
        } catch (WinsockException e) {
            throw unpublished(made, e);
        }
    }

    private SocketHandle duplicateHandle(TcpIpSocket socket) throws WinsockException {
        for (SocketHandle open : socket.handles.open(socket)) {
            try {
                return files.duplicateHandle(open);
            } catch (WinsockException e) {
                if (!e.is(WsaError.WSA_INVALID_HANDLE)) { // Otherwise it was closed meanwhile: the next one may serve.
                    throw e;
                }
            }
        }
        throw new WinsockException(WsaError.WSAEINVAL, socket + " was closed before it was duplicated");
    }

    private static void closeUnpublished(TcpIpSocket socket, WinsockException why) {
        try {
            socket.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    void forget(TcpIpSocket socket) {
        sockets.remove(socket);
        duplicates.forget(socket);
    }

    /** {@return a buffer for {@link #MAX_DATAGRAM} bytes, empty} */
    ByteBuffer takeScratch() {
        ByteBuffer buffer = scratch.poll();
        return buffer == null ? ByteBuffer.allocateDirect(MAX_DATAGRAM) : buffer.clear();
    }

    /** Keeps a buffer for later, unless enough lie there. {@return whether it is kept} */
    boolean giveBackScratch(ByteBuffer buffer) {
        return scratch.offer(buffer);
    }

    /** {@return what a select needs, left by an earlier one where there is such} */
    SelectCall takeSelect() {
        SelectCall call = selects.poll();
        return call == null ? new SelectCall(this) : call;
    }

    /** Keeps it for another select, unless enough lie there. {@return whether it is kept} */
    boolean giveBack(SelectCall call) {
        return selects.offer(call);
    }

    /** The last clean-up: resets every socket, without an indication, and ends the poller. */
    void shutDown() {
        down = true;
        for (TcpIpSocket socket : sockets.all()) {
            socket.reset();
            socket.handles.open(socket).forEach(this::closeAtCleanUp);
        }
        extensions.shutDown();
        try {
            poller.stop();
            waiters.close();
        } catch (IOException e) {
            services.report("ending the poller of the TCP/IP provider", e);
        }
    }

    /** Closes a handle that another thread, in the last clean-up or beside it, may be closing too. */
    private void closeAtCleanUp(SocketHandle s) {
        try {
            files.closeHandle(s);
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSA_INVALID_HANDLE)) { // Otherwise another thread is just closing it.
                services.report("closing " + s + " at clean-up", e);
            }
        }
    }
}
