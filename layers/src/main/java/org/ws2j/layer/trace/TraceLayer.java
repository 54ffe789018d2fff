package org.ws2j.layer.trace;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.layer.Transfer;
import org.ws2j.layer.trace.pcapng.CaptureInterface;
import org.ws2j.layer.trace.pcapng.TcpConversation;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * Tells a pcapng file what happens to sockets.
 *
 * <p>An event is told after the provider below has done it, with what it has really done. Of a non-blocking connect the layer
 * learns the outcome as the client does: from the network event, from SO_ERROR, or from the first data.
 */
final class TraceLayer extends LayeredProvider {
    private static final String DEFAULT_FILE = "trace.pcapng";

    /** After a refused connect some providers cannot say any more where the socket was. */
    private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

    private final TraceFiles files;
    private final TraceFile file;
    private final CaptureInterface captureInterface;
    private final AtomicBoolean hasReported = new AtomicBoolean();

    TraceLayer(LayerStart start, TraceFiles files) {
        super(start);
        this.files = files;
        String option = options().getOrDefault(TraceModule.FILE_OPTION, DEFAULT_FILE);
        file = files.use(Path.of(option).toAbsolutePath().normalize(), services());
        captureInterface = file.of(info());
    }

    @Override
    protected void stopped() {
        files.leave(file);
    }

    @Override
    protected LayeredSocket newSocket(SocketHandle lowerSocket, LayeredSocket parent) {
        file.socketOpened();
        return new TraceSocket(this, lowerSocket, info().isConnectionless() ? captureInterface.udp() : null);
    }

    @Override
    protected void released(LayeredSocket socket) {
        tellEnd((TraceSocket) socket);
        file.socketClosed();
    }

    // Connections

    @Override
    public int wspConnect(
            SocketHandle s,
            SocketAddress name,
            ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData,
            Qos lpSQOS,
            Qos lpGQOS)
            throws WinsockException {
        TraceSocket socket = (TraceSocket) socket(s);
        try {
            int result = super.wspConnect(s, name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS);
            if (result == 0) {
                connected(socket);
            } else {
                prepare(socket);
            }
            return result;
        } catch (WinsockException e) {
            if (e.is(WsaError.WSAEISCONN)) {
                connected(socket);
            } else {
                connectFailed(socket, e.code());
            }
            throw e;
        }
    }

    /** A first attempt, or another one after a failure; asking again how an attempt goes on is none. */
    @Override
    protected void connecting(LayeredSocket layered, SocketAddress name) {
        TraceSocket socket = (TraceSocket) layered;
        if (!(name instanceof InetSocketAddress remote)) {
            return;
        }
        synchronized (socket) {
            if (socket.isOver) {
                socket.isOver = false;
                socket.conversation = null;
                socket.connectingSince = 0;
            }
            if (socket.conversation == null) {
                socket.remote = remote;
                socket.connectingSince = socket.connectingSince == 0 ? now() : socket.connectingSince;
            }
        }
    }

    @Override
    protected void connected(LayeredSocket socket, int error) {
        if (error == 0) {
            connected(socket);
        } else {
            connectFailed((TraceSocket) socket, error);
        }
    }

    private void connected(LayeredSocket socket) {
        ((TraceSocket) socket).isConnected = true;
        tell(socket, c -> c.connected(now()));
    }

    /** What a failed connect looks like on the wire; and what an error of a connection does. */
    private void connectFailed(TraceSocket socket, int error) {
        boolean isReset = error == WsaError.WSAECONNRESET.code();
        if (socket.isConnected) {
            if (isReset) {
                end(socket, c -> c.resetByPeer(now()));
            }
            return;
        }
        if (socket.connectingSince == 0) {
            return;
        }
        if (isReset || error == WsaError.WSAECONNREFUSED.code()) {
            giveUp(socket, c -> c.refused(now()));
        } else if (error == WsaError.WSAETIMEDOUT.code()
                || error == WsaError.WSAENETUNREACH.code()
                || error == WsaError.WSAEHOSTUNREACH.code()) {
            giveUp(socket, c -> c.unanswered(now()));
        }
    }

    private void giveUp(TraceSocket socket, Consumer<TcpConversation> event) {
        if (socket.local == null) {
            socket.fallback = UNKNOWN;
        }
        end(socket, event);
    }

    @Override
    protected void accepted(LayeredSocket layered, SocketAddress local, SocketAddress remote) {
        TraceSocket socket = (TraceSocket) layered;
        if (local instanceof InetSocketAddress ours && remote instanceof InetSocketAddress theirs) {
            socket.local = ours;
            socket.remote = theirs;
        }
        socket.isConnected = true;
        tell(socket, c -> c.accepted(now()));
    }

    @Override
    protected void disconnected(LayeredSocket layered, boolean isReusable) {
        TraceSocket socket = (TraceSocket) layered;
        end(socket, c -> c.closed(now()));
        if (isReusable) {
            socket.forgetConnection();
        }
    }

    /** {@inheritDoc} All of them: what happens in the functions that are changed here comes by way of other methods too. */
    @Override
    protected Object extensionFunction(LayeredSocket socket, UUID function) throws WinsockException {
        return super.extensionFunction(socket, function);
    }

    @Override
    public void wspShutdown(SocketHandle s, int how) throws WinsockException {
        super.wspShutdown(s, how);
        if (how != ShutdownHow.SD_RECEIVE) {
            tell(socket(s), c -> c.outputShutdown(now()));
        }
    }

    @Override
    public void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException {
        super.wspSendDisconnect(s, lpOutboundDisconnectData);
        tell(socket(s), c -> c.outputShutdown(now()));
    }

    @Override
    public void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        super.wspSetSockOpt(s, level, optname, optval);
        if (level == SocketOption.SOL_SOCKET && optval instanceof Linger linger) {
            ((TraceSocket) socket(s)).closesHard = linger.onoff() && linger.seconds() == 0;
        } else if (level == SocketOption.SOL_SOCKET && optname == SocketOption.SO_DONTLINGER) {
            ((TraceSocket) socket(s)).closesHard = false;
        }
    }

    @Override
    public Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException {
        Object value = super.wspGetSockOpt(s, level, optname);
        if (level == SocketOption.SOL_SOCKET && optname == SocketOption.SO_ERROR && value instanceof Integer error) {
            connectFailed((TraceSocket) socket(s), error);
        }
        return value;
    }

    @Override
    public void wspCloseSocket(SocketHandle s) throws WinsockException {
        TraceSocket socket = (TraceSocket) socket(s);
        // The addresses cannot be asked for afterwards.
        prepare(socket);
        socket.isClosing = true;
        try {
            super.wspCloseSocket(s);
        } catch (WinsockException e) {
            socket.isClosing = false;
            throw e;
        }
        tellEnd(socket);
    }

    /** By the client's close, with the close or with its last operation, whichever is first; or by the clean-up. */
    private void tellEnd(TraceSocket socket) {
        boolean isGraceful = socket.isClosing && !socket.closesHard;
        end(socket, isGraceful ? c -> c.closed(now()) : c -> c.reset(now()));
    }

    @Override
    protected void notified(LayeredSocket socket, int event, int error) {
        if (event == NetworkEvent.FD_CONNECT) {
            connected(socket, error);
        }
    }

    // Data

    @Override
    protected void sent(Transfer transfer) {
        record(transfer, true);
    }

    @Override
    protected void received(Transfer transfer) {
        if (!transfer.isPeek()) {
            record(transfer, false);
        }
    }

    @Override
    protected void failed(Transfer transfer, int error) {
        if (error == WsaError.WSAECONNRESET.code() || error == WsaError.WSAENETRESET.code()) {
            end((TraceSocket) transfer.socket(), c -> c.resetByPeer(now()));
        } else if (error == WsaError.WSAECONNABORTED.code()) {
            end((TraceSocket) transfer.socket(), c -> c.reset(now()));
        } else {
            connectFailed((TraceSocket) transfer.socket(), error);
        }
    }

    private void record(Transfer transfer, boolean isOutbound) {
        TraceSocket socket = (TraceSocket) transfer.socket();
        if (socket.datagrams != null) {
            guarded(() -> recordDatagram(socket, transfer, isOutbound));
        } else if (transfer.bytes() > 0) {
            socket.isConnected = true;
            tell(socket, c -> recordStream(c, transfer, isOutbound));
        } else if (!isOutbound && transfer.length() > 0) {
            tell(socket, c -> c.endOfStream(now()));
        }
    }

    private void recordStream(TcpConversation conversation, Transfer transfer, boolean isOutbound) {
        ByteBuffer[] views = transfer.views();
        boolean isUrgent = (transfer.flags() & MessageFlag.MSG_OOB) != 0;
        if (isOutbound && isUrgent) {
            conversation.sentUrgent(now(), views, transfer.bytes());
        } else if (isOutbound) {
            conversation.sent(now(), views, transfer.bytes());
        } else if (isUrgent) {
            conversation.receivedUrgent(now(), views, transfer.bytes());
        } else {
            conversation.received(now(), views, transfer.bytes());
        }
    }

    private void recordDatagram(TraceSocket socket, Transfer transfer, boolean isOutbound) {
        InetSocketAddress local = local(socket);
        InetSocketAddress remote = transfer.address() instanceof InetSocketAddress given ? given : remote(socket);
        if (local == null || remote == null) {
            return;
        }
        ByteBuffer[] views = transfer.views();
        if (isOutbound) {
            socket.datagrams.sent(now(), local, remote, views, transfer.bytes());
        } else {
            socket.datagrams.received(now(), local, remote, views, transfer.bytes());
        }
    }

    // The conversation of a stream

    private void tell(LayeredSocket socket, Consumer<TcpConversation> event) {
        TraceSocket traced = (TraceSocket) socket;
        if (traced.isOver) {
            return;
        }
        guarded(() -> {
            TcpConversation conversation = conversation(traced);
            if (conversation != null) {
                event.accept(conversation);
            }
        });
    }

    private void end(TraceSocket socket, Consumer<TcpConversation> event) {
        tell(socket, event);
        socket.isOver = true;
    }

    /** Asks for the addresses and writes the SYN, where a connect has begun. */
    private void prepare(TraceSocket socket) {
        tell(socket, c -> {});
    }

    private TcpConversation conversation(TraceSocket socket) {
        if (socket.datagrams != null) {
            return null;
        }
        synchronized (socket) {
            if (socket.conversation == null) {
                InetSocketAddress local = local(socket);
                InetSocketAddress remote = remote(socket);
                if (local == null || remote == null) {
                    return null;
                }
                socket.conversation = captureInterface.tcp(local, remote);
                if (socket.connectingSince != 0) {
                    socket.conversation.connecting(socket.connectingSince);
                }
            }
            return socket.conversation;
        }
    }

    private InetSocketAddress local(TraceSocket socket) {
        if (socket.local == null) {
            try {
                if (lower().wspGetSockName(socket.lower()) instanceof InetSocketAddress a && a.getPort() != 0) {
                    socket.local = a;
                }
            } catch (WinsockException e) {
                return socket.fallback;
            }
        }
        return socket.local != null ? socket.local : socket.fallback;
    }

    private InetSocketAddress remote(TraceSocket socket) {
        if (socket.remote == null) {
            try {
                if (lower().wspGetPeerName(socket.lower()) instanceof InetSocketAddress a) {
                    socket.remote = a;
                }
            } catch (WinsockException e) {
                return null;
            }
        }
        return socket.remote;
    }

    /** Nothing that goes wrong here may reach the traffic; the first of it is reported. */
    private void guarded(Runnable recording) {
        try {
            recording.run();
        } catch (RuntimeException e) {
            if (hasReported.compareAndSet(false, true)) {
                services().report("trace of " + info().protocolName(), e);
            }
        }
    }

    private long now() {
        return services().clock().epochNanos();
    }
}
