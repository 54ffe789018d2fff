package org.ws2j.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.host.Winsock;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The sockets of a check, all on loopback; what a check makes here is closed behind it. */
public final class Network {
    /** 127.0.0.1. */
    public static final InetAddress LOOPBACK = address("127.0.0.1");

    /** ::1. */
    public static final InetAddress LOOPBACK6 = address("::1");

    /** 0.0.0.0. */
    public static final InetAddress ANY = address("0.0.0.0");

    private static final int BACKLOG = 16;
    private static final int BLOCK = 64 << 10;

    private final Winsock winsock;
    private final List<SocketHandle> owned = new CopyOnWriteArrayList<>();

    Network(Winsock winsock) {
        this.winsock = winsock;
    }

    /**
     * Two ends of one connection, and the listener that it came from; all of them blocking.
     *
     * @param listener the listener
     * @param client the end that connected
     * @param server the end that was accepted
     */
    public record Connection(SocketHandle listener, SocketHandle client, SocketHandle server) {}

    // ---- making sockets --------------------------------------------------------------------------------------------

    /**
     * Takes charge of a socket that the check made otherwise: it is closed behind the check.
     *
     * @param s the socket
     * @return the socket
     */
    public SocketHandle own(SocketHandle s) {
        owned.add(s);
        return s;
    }

    /**
     * Makes a socket for TCP over IPv4.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#socket}
     */
    public SocketHandle stream() throws WinsockException {
        return own(winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP));
    }

    /**
     * Makes a socket for TCP over IPv6.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#socket}
     */
    public SocketHandle stream6() throws WinsockException {
        return own(winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP));
    }

    /**
     * Makes a socket for UDP over IPv4.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#socket}
     */
    public SocketHandle datagram() throws WinsockException {
        return own(winsock.socket(AddressFamily.AF_INET, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP));
    }

    /**
     * Makes a socket for UDP over IPv6.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#socket}
     */
    public SocketHandle datagram6() throws WinsockException {
        return own(winsock.socket(AddressFamily.AF_INET6, SocketType.SOCK_DGRAM, IpProtocol.IPPROTO_UDP));
    }

    /**
     * Makes a stream socket with an address on loopback.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#bind}
     */
    public SocketHandle boundStream() throws WinsockException {
        return bound(stream());
    }

    /**
     * Makes a datagram socket with an address on loopback.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#bind}
     */
    public SocketHandle boundDatagram() throws WinsockException {
        return bound(datagram());
    }

    /**
     * Makes a socket that listens on loopback.
     *
     * @return the socket
     * @throws WinsockException as {@link Winsock#listen}
     */
    public SocketHandle listener() throws WinsockException {
        SocketHandle s = boundStream();
        winsock.listen(s, BACKLOG);
        return s;
    }

    /**
     * Makes a connection.
     *
     * @return its two ends
     * @throws WinsockException as {@link Winsock#connect} and {@link Winsock#accept}
     */
    public Connection connection() throws WinsockException {
        SocketHandle listener = listener();
        SocketHandle client = stream();
        winsock.connect(client, name(listener));
        return new Connection(listener, client, own(winsock.accept(listener, null)));
    }

    private SocketHandle bound(SocketHandle s) throws WinsockException {
        winsock.bind(s, loopback(0));
        return s;
    }

    // ---- addresses -------------------------------------------------------------------------------------------------

    /**
     * Makes an address.
     *
     * @param literal an address in figures
     * @return the address
     */
    public static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Names a port on loopback.
     *
     * @param port the port
     * @return the name
     */
    public static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(LOOPBACK, port);
    }

    /**
     * Tells the local name of a socket.
     *
     * @param s the socket
     * @return the name
     * @throws WinsockException as {@link Winsock#getsockname}
     */
    public InetSocketAddress name(SocketHandle s) throws WinsockException {
        return (InetSocketAddress) winsock.getsockname(s);
    }

    /**
     * Finds a name that refuses connections: it was free a moment ago.
     *
     * @return the name
     * @throws WinsockException as {@link Winsock#bind}
     */
    public InetSocketAddress nobody() throws WinsockException {
        SocketHandle s = boundStream();
        InetSocketAddress name = name(s);
        winsock.closesocket(s);
        return name;
    }

    // ---- modes and options -----------------------------------------------------------------------------------------

    /**
     * Makes a socket non-blocking.
     *
     * @param s the socket
     * @return the socket
     * @throws WinsockException as {@link Winsock#ioctlsocket}
     */
    public SocketHandle nonBlocking(SocketHandle s) throws WinsockException {
        winsock.ioctlsocket(s, IoctlCode.FIONBIO, true);
        return s;
    }

    /**
     * Closes a socket so that its peer learns of a reset.
     *
     * @param s the socket
     * @throws WinsockException as {@link Winsock#closesocket}
     */
    public void reset(SocketHandle s) throws WinsockException {
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_LINGER, new Linger(true, 0));
        winsock.closesocket(s);
    }

    // ---- data ------------------------------------------------------------------------------------------------------

    /**
     * Makes data.
     *
     * @param text ASCII
     * @return a buffer with the text
     */
    public static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    /**
     * Reads what was put into a buffer.
     *
     * @param filled a buffer, filled up to its position
     * @return ASCII
     */
    public static String text(ByteBuffer filled) {
        return US_ASCII.decode(filled.duplicate().flip()).toString();
    }

    /**
     * Sends a text.
     *
     * @param s a blocking socket
     * @param text ASCII
     * @throws WinsockException as {@link Winsock#send}
     */
    public void send(SocketHandle s, String text) throws WinsockException {
        assertThat(winsock.send(s, bytes(text), 0)).as("bytes sent").isEqualTo(text.length());
    }

    /**
     * Receives once.
     *
     * @param s a blocking socket
     * @param room how much at most
     * @return what came; empty at the end of a stream
     * @throws WinsockException as {@link Winsock#recv}
     */
    public String receive(SocketHandle s, int room) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(room);
        winsock.recv(s, buffer, 0);
        return text(buffer);
    }

    /**
     * Receives until so much has come, or the stream ends.
     *
     * @param s a blocking socket
     * @param count how much
     * @return what came
     * @throws WinsockException as {@link Winsock#recv}
     */
    public String receiveAll(SocketHandle s, int count) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        int n = 1;
        while (n > 0 && buffer.hasRemaining()) {
            n = winsock.recv(s, buffer, 0);
        }
        return text(buffer);
    }

    /**
     * Sends until nothing more fits.
     *
     * @param s a non-blocking stream socket
     * @return how many bytes were sent
     * @throws WinsockException as {@link Winsock#send}
     */
    public long fill(SocketHandle s) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocate(BLOCK);
        long sum = 0;
        int n = winsock.send(s, data, 0);
        while (n > 0) {
            sum += n;
            n = winsock.send(s, data.clear(), 0);
        }
        Expect.wouldBlock(n);
        return sum;
    }

    /**
     * Receives so many bytes, whatever they are.
     *
     * @param s a blocking stream socket
     * @param count how many
     * @throws WinsockException as {@link Winsock#recv}
     */
    public void drain(SocketHandle s, long count) throws WinsockException {
        ByteBuffer data = ByteBuffer.allocate(BLOCK);
        long left = count;
        while (left > 0) {
            int n = winsock.recv(s, data.clear().limit((int) Math.min(left, BLOCK)), 0);
            assertThat(n).as("bytes received with " + left + " still to come").isPositive();
            left -= n;
        }
    }

    // ---- waiting for the network -----------------------------------------------------------------------------------

    /**
     * Waits until a receive or an accept need not wait.
     *
     * @param s the socket
     * @throws WinsockException as {@link Winsock#select}
     */
    public void awaitReadable(SocketHandle s) throws WinsockException {
        assertThat(winsock.select(FdSet.of(s), null, null, limit())).as("sockets readable").isEqualTo(1);
    }

    /**
     * Waits until a send need not wait, or a connect has succeeded.
     *
     * @param s the socket
     * @throws WinsockException as {@link Winsock#select}
     */
    public void awaitWritable(SocketHandle s) throws WinsockException {
        assertThat(winsock.select(null, FdSet.of(s), null, limit())).as("sockets writable").isEqualTo(1);
    }

    /**
     * Waits until a connect has failed.
     *
     * @param s the socket
     * @throws WinsockException as {@link Winsock#select}
     */
    public void awaitException(SocketHandle s) throws WinsockException {
        assertThat(winsock.select(null, null, FdSet.of(s), limit())).as("sockets that failed").isEqualTo(1);
    }

    private static Timeval limit() {
        return Timeval.of(Duration.ofMillis(Bound.WAIT_MILLIS));
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Closes what the check has left open. */
    void close() throws WinsockException {
        for (SocketHandle s : owned.reversed()) {
            try {
                closeAtOnce(s);
            } catch (WinsockException e) {
                if (!e.is(WsaError.WSAENOTSOCK) && !e.is(WsaError.WSANOTINITIALISED)) {
                    throw e;
                }
            }
        }
    }

    private void closeAtOnce(SocketHandle s) throws WinsockException {
        try {
            winsock.closesocket(s);
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSAEWOULDBLOCK)) {
                throw e;
            }
            reset(s);
        }
    }
}
