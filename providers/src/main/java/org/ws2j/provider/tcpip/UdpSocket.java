package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** A datagram socket. */
final class UdpSocket extends TcpIpSocket {
    private final UdpReceiving receiving = new UdpReceiving(this);
    private final UdpSending sending = new UdpSending(this);
    private final DatagramChannel channel;
    private final Memberships memberships;
    private volatile InetSocketAddress local;
    private volatile InetSocketAddress peer;
    private volatile boolean receiveShut;
    private volatile boolean sendShut;

    UdpSocket(Network network, WsaProtocolInfo info, boolean overlapped, boolean leaf) throws WinsockException {
        super(network, info, overlapped);
        this.memberships = new Memberships(this, leaf);
        try {
            channel = network.transport().openDatagramChannel(Addresses.family(info));
            channel.configureBlocking(false);
        } catch (UnsupportedOperationException e) {
            throw new WinsockException(WsaError.WSAEAFNOSUPPORT, info.protocolName(), e);
        } catch (IOException e) {
            throw JdkErrors.of("opening a datagram socket", e);
        }
    }

    @Override
    UdpReceiving receiving() {
        return receiving;
    }

    @Override
    UdpSending sending() {
        return sending;
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    @Override
    InetSocketAddress localAddress() {
        return local;
    }

    @Override
    InetSocketAddress peerAddress() {
        return peer;
    }

    boolean isReceiveShut() {
        return receiveShut;
    }

    boolean isSendShut() {
        return sendShut;
    }

    /** {@return the most bytes that one datagram carries} */
    int maxMessage() {
        return info.addressFamily() == AddressFamily.AF_INET
                ? TcpIpProtocols.UDP4_MESSAGE_SIZE
                : TcpIpProtocols.UDP6_MESSAGE_SIZE;
    }

    @Override
    void bind(InetSocketAddress name) throws WinsockException {
        lockBoth();
        try {
            checkOpen();
            if (state != SocketState.OPEN) {
                throw new WinsockException(WsaError.WSAEINVAL, this + " is bound");
            }
            bindChannel(name);
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("binding " + this + " to " + name, e);
        } finally {
            unlockBoth();
        }
    }

    /** Gives a socket that sends before it is bound an address. */
    void bindIfNeeded() throws WinsockException {
        if (state != SocketState.OPEN) {
            return;
        }
        lockBoth();
        try {
            checkOpen();
            if (state == SocketState.OPEN) {
                bindChannel(null);
            }
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("binding " + this, e);
        } finally {
            unlockBoth();
        }
    }

    private void bindChannel(InetSocketAddress name) throws IOException {
        channel.bind(name);
        local = (InetSocketAddress) channel.getLocalAddress();
        state = SocketState.BOUND;
        events.report(NetworkEvent.FD_WRITE, 0);
        receiving.recheck();
        wakeWaiters();
    }

    /** Sets the default peer, which also filters what is received; datagrams that wait are dropped. */
    @Override
    int connect(InetSocketAddress name) throws WinsockException {
        boolean toNobody = name.getAddress().isAnyLocalAddress();
        if (name.getPort() == 0 ? !toNobody : toNobody) {
            throw new WinsockException(WsaError.WSAEADDRNOTAVAIL, name + " is no peer");
        }
        lockBoth();
        try {
            checkOpen();
            channel.disconnect();
            receiving.drop();
            peer = null;
            if (state == SocketState.OPEN) {
                bindChannel(null);
            }
            state = SocketState.BOUND;
            local = (InetSocketAddress) channel.getLocalAddress();
            if (!toNobody) {
                channel.connect(name);
                local = (InetSocketAddress) channel.getLocalAddress();
                peer = name;
                state = SocketState.CONNECTED;
                events.reenable(NetworkEvent.FD_CONNECT);
                events.report(NetworkEvent.FD_CONNECT, 0);
                receiving.recheck();
            }
            return 0;
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("connecting " + this + " to " + name, e);
        } finally {
            unlockBoth();
            wakeWaiters();
        }
    }

    /** Joins a multicast group, or gets ready to send to it: for a datagram that is all. */
    void join(InetSocketAddress session, int flags) throws WinsockException {
        lockBoth();
        try {
            checkOpen();
            memberships.checkJoin(session.getAddress(), flags);
            if (state == SocketState.OPEN) {
                bindChannel(null);
            }
            memberships.join(session.getAddress(), flags);
            events.reenable(NetworkEvent.FD_CONNECT);
            events.report(NetworkEvent.FD_CONNECT, 0);
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of("joining " + session + " with " + this, e);
        } finally {
            unlockBoth();
        }
    }

    Memberships memberships() {
        return memberships;
    }

    @Override
    void shutdown(int how) throws WinsockException {
        if (how < ShutdownHow.SD_RECEIVE || how > ShutdownHow.SD_BOTH) {
            throw new WinsockException(WsaError.WSAEINVAL, "no such way to shut down: " + how);
        }
        Transfer refused = null;
        lockBoth();
        try {
            checkOpen();
            if (how != ShutdownHow.SD_SEND) {
                receiveShut = true;
                refused = receiving.fail(WsaError.WSAESHUTDOWN, " was shut down");
            }
            if (how != ShutdownHow.SD_RECEIVE) {
                sendShut = true;
            }
        } finally {
            unlockBoth();
            wakeWaiters();
            indicateAll(refused);
        }
    }

    @Override
    void ready(int operations) {
        if ((operations & SelectionKey.OP_READ) != 0) {
            receiving.ready();
        }
        if ((operations & SelectionKey.OP_WRITE) != 0) {
            sending.ready();
        }
    }

    @Override
    void reportHolding() {
        if (state != SocketState.OPEN) {
            sending.reportHolding();
            receiving.reportHolding();
        }
    }

    @Override
    void closeChannel() throws IOException {
        boolean watched = cancelWatch();
        channel.close();
        flushSelectors(watched);
    }

    @Override
    void reset() {
        // There is no connection to be reset.
    }
}
