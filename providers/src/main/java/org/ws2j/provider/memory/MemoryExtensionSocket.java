package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.ws2j.provider.extension.AcceptOperation;
import org.ws2j.provider.extension.ConnectOperation;
import org.ws2j.provider.extension.ExtensionSocket;
import org.ws2j.provider.extension.InnerBlock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;

/** A handle as the extension functions use it. Those with connections come here for streams alone. */
record MemoryExtensionSocket(Descriptor descriptor) implements ExtensionSocket {
    @Override
    public SocketHandle handle() {
        return descriptor.handle();
    }

    @Override
    public WsaProtocolInfo info() {
        return descriptor.socket.info;
    }

    @Override
    public Object identity() {
        return descriptor.socket;
    }

    @Override
    public boolean isOverlapped() {
        return descriptor.socket.overlapped;
    }

    @Override
    public void retain() throws WinsockException {
        descriptor.retain();
    }

    @Override
    public void release() {
        descriptor.release();
    }

    @Override
    public void indicate(WsaOverlapped block, int error, int bytes) throws WinsockException {
        descriptor.socket.stack.upcalls().wpuCompleteOverlappedRequest(handle(), block, error, bytes);
    }

    /** The host refuses to leave out packets on handles of this kind: there is one way. */
    @Override
    public void indicateAtOnce(WsaOverlapped block, int bytes) throws WinsockException {
        indicate(block, 0, bytes);
    }

    @Override
    public long sendAndWait(ByteBuffer data) throws WinsockException {
        Transfer t = descriptor.socket.take(descriptor, true);
        t.alwaysWaits = true;
        return t.start(data);
    }

    @Override
    public void send(ByteBuffer data, InnerBlock block) throws WinsockException {
        start(true, data, block);
    }

    @Override
    public void receive(ByteBuffer room, InnerBlock block) throws WinsockException {
        start(false, room, block);
    }

    private void start(boolean sending, ByteBuffer buffer, InnerBlock block) throws WinsockException {
        Transfer t = descriptor.socket.take(descriptor, sending);
        t.overlapped = block;
        t.start(buffer);
    }

    @Override
    public void drain(InnerBlock block) throws WinsockException {
        Transfer t = descriptor.socket.take(descriptor, true);
        t.drains = true;
        t.alwaysWaits = true;
        t.overlapped = block;
        t.start(ByteBuffer.allocate(0));
    }

    @Override
    public void disconnect(boolean reuse) throws WinsockException {
        stream().extension().disconnect(reuse);
    }

    @Override
    public void connect(InetSocketAddress name, ConnectOperation operation) throws WinsockException {
        stream().extension().connect(name, operation);
    }

    @Override
    public void accept(ExtensionSocket target, AcceptOperation operation) throws WinsockException {
        stream().extension()
                .accept(new AcceptRequest(listening(), operation, ((MemoryExtensionSocket) target).stream()));
    }

    private Backlog listening() throws WinsockException {
        Backlog backlog = stream().backlog();
        if (backlog == null) {
            throw new WinsockException(WsaError.WSAEINVAL, descriptor.socket + " does not listen");
        }
        return backlog;
    }

    @Override
    public void updateAcceptContext(ExtensionSocket listener) throws WinsockException {
        MemoryExtensionSocket accepting = (MemoryExtensionSocket) listener;
        accepting.listening();
        stream().extension().updateAcceptContext(accepting.stream(), descriptor);
    }

    @Override
    public void updateConnectContext() throws WinsockException {
        stream().extension().updateConnectContext();
    }

    private StreamSocket stream() throws WinsockException {
        if (descriptor.socket instanceof StreamSocket stream) {
            return stream;
        }
        throw new WinsockException(WsaError.WSAEOPNOTSUPP, descriptor.socket + " has no connections");
    }
}
