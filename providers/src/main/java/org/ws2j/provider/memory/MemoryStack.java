package org.ws2j.provider.memory;

import org.ws2j.provider.base.BlockingCalls;
import org.ws2j.provider.base.Duplicates;
import org.ws2j.provider.base.OpenSockets;
import org.ws2j.provider.base.StartedProvider;
import org.ws2j.provider.extension.Extensions;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** What the sockets of one started provider share, from its first start-up to its last clean-up. */
final class MemoryStack implements StartedProvider {
    private final HostServices services;
    private final Upcalls upcalls;
    private final MemoryNetwork network;
    private final BlockingCalls blockingCalls = new BlockingCalls();

    /** The last clean-up goes by their order. */
    private final OpenSockets<MemorySocket> sockets = new OpenSockets<>(MemorySocket.class);

    private final Duplicates<MemorySocket> duplicates = new Duplicates<>();
    private final MemoryTable table;
    private final Extensions extensions = new Extensions(new MemoryExtensions(this));
    private volatile boolean down;

    MemoryStack(HostServices services, Upcalls upcalls, MemoryNetwork network, MemoryProvider provider) {
        this.services = services;
        this.upcalls = upcalls;
        this.network = network;
        this.table = new MemoryTable(this, provider);
    }

    MemoryTable table() {
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

    MemoryNetwork network() {
        return network;
    }

    @Override
    public BlockingCalls blockingCalls() {
        return blockingCalls;
    }

    @Override
    public boolean isDown() {
        return down;
    }

    void checkUp() throws WinsockException {
        if (down) {
            throw new WinsockException(WsaError.WSANOTINITIALISED, "the memory provider was cleaned up");
        }
    }

    /** {@return what is behind a handle} */
    Descriptor descriptor(SocketHandle s) throws WinsockException {
        checkUp();
        if (upcalls.wpuQuerySocketHandleContext(s) instanceof Descriptor d && d.socket.stack == this && !d.isClosed()) {
            return d;
        }
        throw new WinsockException(WsaError.WSAENOTSOCK, s + " is not a socket of the memory provider");
    }

    MemorySocket socket(SocketHandle s) throws WinsockException {
        return descriptor(s).socket;
    }

    /** Gives a socket a handle, for the entry that it was made for. A new socket that gets none is closed. */
    Descriptor publish(MemorySocket socket) throws WinsockException {
        Descriptor descriptor = new Descriptor(socket);
        boolean published = false;
        try {
            socket.add(descriptor);
            sockets.add(socket);
            descriptor.handle(upcalls.wpuCreateSocketHandle(socket.info.catalogEntryId(), descriptor));
            checkUp();
            published = true;
            return descriptor;
        } finally {
            if (!published) {
                socket.abandon(descriptor);
            }
        }
    }

    /** A socket has taken the place of another one. */
    void replace(MemorySocket former, MemorySocket successor) {
        sockets.add(successor);
        duplicates.replace(former, successor);
        forget(former);
        if (successor.isClosed()) { // By a close that came just before it was here.
            forget(successor);
        }
        if (down) { // The clean-up may not have seen it.
            successor.shutDown();
        }
    }

    void forget(MemorySocket socket) {
        sockets.remove(socket);
        duplicates.forget(socket);
    }

    /** {@return the entry of a socket with a token that makes one more handle of it, once} */
    WsaProtocolInfo offerDuplicate(MemorySocket socket) {
        return duplicates.offer(socket, socket.info);
    }

    MemorySocket takeDuplicate(WsaProtocolInfo info) throws WinsockException {
        return duplicates.take(info);
    }

    /** Gives a handle back to the host. */
    void closeHandle(Descriptor descriptor) {
        SocketHandle handle = descriptor.handle();
        if (handle == null) {
            return;
        }
        try {
            upcalls.wpuCloseSocketHandle(handle);
        } catch (WinsockException e) {
            if (!down) { // After the last clean-up the host has released it.
                services.report("releasing " + handle, e);
            }
        }
    }

    /** The last clean-up: resets every socket, without an indication. */
    void shutDown() {
        down = true;
        sockets.all().forEach(MemorySocket::shutDown);
        duplicates.clear();
        extensions.shutDown();
    }
}
