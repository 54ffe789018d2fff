package org.ws2j.provider.tcpip;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
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

/** A socket as the extension functions use it. Those with connections come here for streams alone. */
record TcpIpExtensionSocket(TcpIpSocket socket, SocketHandle handle) implements ExtensionSocket {
    @Override
    public WsaProtocolInfo info() {
        return socket.info;
    }

    @Override
    public InetSocketAddress peer(SocketAddress name) throws WinsockException {
        return socket.check(name, WsaError.WSAEAFNOSUPPORT);
    }

    @Override
    public Object identity() {
        return socket;
    }

    @Override
    public boolean isOverlapped() {
        return socket.overlapped;
    }

    /** The system completes requests on closed handles, too. */
    @Override
    public void retain() throws WinsockException {
        socket.checkOpen();
    }

    @Override
    public void release() {
        // Nothing was kept.
    }

    @Override
    public void indicate(WsaOverlapped block, int error, int bytes) throws WinsockException {
        socket.network.files().completeRequest(handle, block, error, bytes);
    }

    @Override
    public void indicateAtOnce(WsaOverlapped block, int bytes) throws WinsockException {
        socket.network.files().completeRequestAtOnce(handle, block, bytes);
    }

    @Override
    public long sendAndWait(ByteBuffer data) throws WinsockException {
        Transfer t = socket.sending().take();
        t.handle = handle;
        t.alwaysWaits = true;
        return t.send(data);
    }

    @Override
    public void send(ByteBuffer data, InnerBlock block) throws WinsockException {
        Transfer t = socket.sending().take();
        t.handle = handle;
        t.overlapped = block;
        t.send(data);
    }

    @Override
    public void receive(ByteBuffer room, InnerBlock block) throws WinsockException {
        Transfer t = socket.receiving().take();
        t.handle = handle;
        t.overlapped = block;
        t.receiveInto(room);
    }

    @Override
    public void drain(InnerBlock block) throws WinsockException {
        Transfer t = socket.sending().take();
        t.handle = handle;
        t.queued = true; // So that it is not refused after a shutdown.
        t.alwaysWaits = true;
        t.overlapped = block;
        t.send(ByteBuffer.allocate(0));
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
        TcpSocket accepting = ((TcpIpExtensionSocket) target).stream();
        AcceptRequests requests = stream().listener().requests();
        requests.start(new AcceptRequest(requests, operation, accepting));
    }

    @Override
    public void updateAcceptContext(ExtensionSocket listener) throws WinsockException {
        TcpSocket listening = ((TcpIpExtensionSocket) listener).stream();
        listening.listener(); // Fails for one that does not listen.
        stream().extension().updateAcceptContext(listening);
    }

    @Override
    public void updateConnectContext() throws WinsockException {
        stream().extension().updateConnectContext();
    }

    private TcpSocket stream() throws WinsockException {
        if (socket instanceof TcpSocket tcp) {
            tcp.finishConnectIfReady();
            return tcp;
        }
        throw new WinsockException(WsaError.WSAEOPNOTSUPP, socket + " has no connections");
    }
}
