package org.ws2j.agent.socket;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.Set;
import org.ws2j.host.Winsock;
import org.ws2j.provider.tcpip.ChannelFile;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.Linger;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/**
 * One SOCKET of the program, with what its channels and sockets need of it. It counts for the report, and knows nothing of the
 * states that the JDK's classes have: what comes from below is a {@link WinsockException}, for {@link #failure} to translate.
 *
 * <p>May be used from any thread. An operation of a blocking socket waits inside; {@link #close} ends it with {@code WSAEINTR} or
 * {@code WSAENOTSOCK}.
 */
public final class AgentSocket {
    private static final VarHandle RECEIVED = counter("received", long.class);
    private static final VarHandle SENT = counter("sent", long.class);
    private static final VarHandle ERRORS = counter("errors", int.class);

    private final AgentNetwork network;
    private final SocketHandle handle;

    /** What the base provider has behind it; null if that is not the operating system's network. */
    private final ChannelFile file;

    private final boolean six;
    private final boolean stream;
    private boolean accepted;
    private volatile boolean nonBlocking;
    private volatile boolean lingers;
    private volatile boolean hasEvents;
    private volatile boolean hearsInterrupts;

    /** SO_RCVTIMEO as it is now, in milliseconds. */
    private volatile int receiveTimeout;

    /** Links of the list of open sockets, guarded by {@link Traffic}. */
    AgentSocket next;

    AgentSocket previous;

    /** Whether a send has told that the connection is gone. */
    private volatile boolean sendReset;

    // Written by VarHandle alone.
    private volatile long received;
    private volatile long sent;
    private volatile int errors;

    AgentSocket(AgentNetwork network, SocketHandle handle, boolean six, int type) throws WinsockException {
        this.network = network;
        this.handle = handle;
        this.six = six;
        this.stream = type == SocketType.SOCK_STREAM;
        this.file = closingOnFailure(() -> prepare(true));
        network.traffic().add(this);
    }

    private AgentSocket(AgentSocket listener, SocketHandle accepted) throws WinsockException {
        network = listener.network;
        handle = accepted;
        six = listener.six;
        stream = true;
        this.accepted = true;
        file = closingOnFailure(() -> {
            if (listener.hasEvents) {
                selectEvents(null, 0); // They are handed down.
            }
            if (listener.nonBlocking) {
                winsock().ioctlsocket(handle, IoctlCode.FIONBIO, false);
            }
            return prepare(false);
        });
        network.traffic().add(this);
    }

    private static VarHandle counter(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(AgentSocket.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @FunctionalInterface
    private interface Preparation {
        ChannelFile prepare() throws WinsockException;
    }

    private ChannelFile closingOnFailure(Preparation step) throws WinsockException {
        try {
            return step.prepare();
        } catch (WinsockException e) {
            try {
                winsock().closesocket(handle);
            } catch (WinsockException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** The JDK's sockets of IPv6 serve IPv4 as well. */
    private ChannelFile prepare(boolean isNew) throws WinsockException {
        if (six && isNew) {
            winsock().setsockopt(handle, IpProtocol.IPPROTO_IPV6, org.ws2j.spi.SocketOption.IPV6_V6ONLY, false);
        }
        return winsock().files().fileObject(handleFor(IoctlCode.SIO_BASE_HANDLE)) instanceof ChannelFile known ? known
                : null;
    }

    private SocketHandle handleFor(int code) throws WinsockException {
        IoctlResult answer = new IoctlResult();
        winsock().wsaIoctl(handle, code, null, answer, null, null);
        return (SocketHandle) answer.value();
    }

    private Winsock winsock() {
        return network.winsock();
    }

    /** {@return the network that it belongs to} */
    public AgentNetwork network() {
        return network;
    }

    /** {@return the SOCKET} */
    public SocketHandle handle() {
        return handle;
    }

    /** {@return whether it takes addresses of IPv6, and of IPv4 then, too} */
    public boolean isSix() {
        return six;
    }

    int type() {
        return stream ? SocketType.SOCK_STREAM : SocketType.SOCK_DGRAM;
    }

    ChannelFile file() {
        return file;
    }

    boolean isAccepted() {
        return accepted;
    }

    // Readiness

    /**
     * Returns the operating system's channel, whose readiness is the socket's as long as no layer claims that; see
     * {@link ChannelFile#channel()}.
     *
     * @return the channel; null if there is none
     */
    public SelectableChannel channel() {
        return file == null ? null : file.channel();
    }

    /**
     * Asks who knows when the socket is ready.
     *
     * @return whether the readiness of {@link #channel()} is not the socket's: a layer claims to know better
     * @throws WinsockException what the provider answers
     */
    public boolean isReadinessClaimed() throws WinsockException {
        return file == null || handleFor(IoctlCode.SIO_BSP_HANDLE_SELECT) != handleFor(IoctlCode.SIO_BASE_HANDLE);
    }

    /**
     * Selects network events, in place of those selected before; the socket has to be non-blocking.
     *
     * @param event set when one happens; null for none
     * @param events {@link org.ws2j.spi.NetworkEvent} bits
     * @throws WinsockException what the provider answers
     */
    public void selectEvents(WsaEvent event, int events) throws WinsockException {
        hasEvents = events != 0;
        winsock().wsaEventSelect(handle, event, events);
    }

    /**
     * Sets what a thread does that is interrupted while it waits inside; see {@link ChannelFile#whenInterrupted}.
     *
     * @param action what to do; null to wait on
     */
    public void whenInterrupted(Runnable action) {
        if (file != null) {
            file.whenInterrupted(action);
        }
        hearsInterrupts = action != null;
    }

    /**
     * Sets what a virtual thread does that is interrupted while it waits inside; other threads wait on.
     *
     * @param action what to do
     */
    public void whenVirtualThreadInterrupted(Runnable action) {
        if (file != null) {
            file.whenVirtualThreadInterrupted(action);
        }
    }

    /** {@return whether a thread that is interrupted while it waits inside does anything} */
    public boolean hearsInterrupts() {
        return hearsInterrupts;
    }

    /**
     * select on this socket alone.
     *
     * @param read whether to wait for data, a connection to accept, or the end of the stream
     * @param write whether to wait for room, or for the success of an attempt to connect
     * @param except whether to wait for the failure of an attempt to connect
     * @param nanos how long to wait, in nanoseconds; 0 to look only, {@link Long#MAX_VALUE} for no limit
     * @return {@link Readiness} bits of what holds; 0 if the time is over
     * @throws WinsockException what the provider answers
     */
    public int select(boolean read, boolean write, boolean except, long nanos) throws WinsockException {
        FdSet reading = read ? FdSet.of(handle) : null;
        FdSet writing = write ? FdSet.of(handle) : null;
        FdSet failing = except ? FdSet.of(handle) : null;
        Timeval limit = nanos == Long.MAX_VALUE ? null : Timeval.of(Duration.ofNanos(nanos));
        winsock().select(reading, writing, failing, limit);
        return Readiness.bits(reading, writing, failing);
    }

    // Connecting

    /**
     * Binds.
     *
     * @param local the address
     * @throws WinsockException what the provider answers
     */
    public void bind(SocketAddress local) throws WinsockException {
        winsock().bind(handle, local);
    }

    /**
     * Listens.
     *
     * @param backlog how many connections may wait
     * @throws WinsockException what the provider answers
     */
    public void listen(int backlog) throws WinsockException {
        winsock().listen(handle, backlog);
    }

    /**
     * Connects.
     *
     * @param remote the address of the peer
     * @return whether it is connected: false if the socket is non-blocking and the attempt goes on
     * @throws WinsockException what the provider answers
     */
    public boolean connect(SocketAddress remote) throws WinsockException {
        return winsock().connect(handle, remote) == 0;
    }

    /**
     * Accepts; the new socket is blocking.
     *
     * @param peer gets the address of the peer
     * @return the socket; null if the listener is non-blocking and nobody waits
     * @throws WinsockException what the provider answers
     */
    public AgentSocket accept(AddressHolder peer) throws WinsockException {
        SocketHandle connection = winsock().accept(handle, peer);
        return connection == null ? null : new AgentSocket(this, connection);
    }

    /**
     * Ends sending or receiving.
     *
     * @param how a {@link org.ws2j.spi.ShutdownHow}
     * @throws WinsockException what the provider answers
     */
    public void shutdown(int how) throws WinsockException {
        winsock().shutdown(handle, how);
    }

    /**
     * Closes, once; calls that wait are ended. The JDK's close lingers in whatever mode the socket is, but not if it is left to
     * a selector.
     *
     * @param isRegistered whether a selector has it
     * @throws WinsockException what the provider answers, unless the socket is gone already
     */
    public void close(boolean isRegistered) throws WinsockException {
        Traffic.Connection last = network.traffic().remembers() ? describe(false) : null;
        try {
            if (lingers && nonBlocking) {
                settleLinger(isRegistered);
            }
            winsock().closesocket(handle);
        } catch (WinsockException e) {
            if (!isGone(e)) {
                throw e;
            }
        } finally {
            network.traffic().remove(this);
            if (last != null) {
                network.traffic().remember(last);
            }
        }
    }

    private void settleLinger(boolean isRegistered) throws WinsockException {
        if (isRegistered) {
            setOption(org.ws2j.spi.SocketOption.SOL_SOCKET, org.ws2j.spi.SocketOption.SO_LINGER, Linger.OFF);
        } else {
            winsock().ioctlsocket(handle, IoctlCode.FIONBIO, false);
        }
    }

    /**
     * Tells whether a failure means that there is no such socket any more: somebody has closed it, or the host is cleaned up.
     *
     * @param e the failure
     * @return whether it is so
     */
    public static boolean isGone(WinsockException e) {
        return e.is(WsaError.WSAENOTSOCK) || e.is(WsaError.WSANOTINITIALISED);
    }

    /**
     * Tells whether a failure is that of {@link #receiveTimeout}, and not that of a connection.
     *
     * @param e the failure
     * @return whether it is so
     */
    public static boolean isTimeout(WinsockException e) {
        return e.is(WsaError.WSAETIMEDOUT) && JdkExceptions.origin(e) == null;
    }

    /**
     * Limits how long a receive waits.
     *
     * @param millis milliseconds, 0 for no limit
     * @throws WinsockException what the provider answers
     */
    public void receiveTimeout(int millis) throws WinsockException {
        if (receiveTimeout != millis) {
            setOption(org.ws2j.spi.SocketOption.SOL_SOCKET, org.ws2j.spi.SocketOption.SO_RCVTIMEO, millis);
            receiveTimeout = millis;
        }
    }

    // Transfers

    /**
     * Receives.
     *
     * @param target room for the data; its position advances
     * @return the number of bytes, 0 at the end of a stream, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers
     */
    public int receive(ByteBuffer target) throws WinsockException {
        int n = winsock().recv(handle, target, 0);
        countReceived(n);
        return n;
    }

    /**
     * Receives into several buffers.
     *
     * @param targets room for the data; their positions advance
     * @return as {@link #receive(ByteBuffer)}
     * @throws WinsockException what the provider answers
     */
    public long receive(ByteBuffer[] targets) throws WinsockException {
        long n = winsock().wsaRecv(handle, targets, null, null, null);
        countReceived(n);
        return n;
    }

    /**
     * Receives a datagram.
     *
     * @param target room for it; its position advances
     * @param result gets where it came from
     * @return the number of bytes, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers; {@code WSAEMSGSIZE} if the buffer is full, and the rest is lost
     */
    public int receiveFrom(ByteBuffer target, ReceiveResult result) throws WinsockException {
        result.flags(0);
        int n = winsock().recvfrom(handle, target, result);
        countReceived(n);
        return n;
    }

    /**
     * Sends.
     *
     * @param source the data; its position advances
     * @return the number of bytes, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers
     */
    public int send(ByteBuffer source) throws WinsockException {
        return send(source, 0);
    }

    /**
     * Sends with flags.
     *
     * @param source the data; its position advances
     * @param flags {@link org.ws2j.spi.MessageFlag} bits
     * @return as {@link #send(ByteBuffer)}
     * @throws WinsockException what the provider answers
     */
    public int send(ByteBuffer source, int flags) throws WinsockException {
        int n = winsock().send(handle, source, flags);
        countSent(n);
        return n;
    }

    /**
     * Sends several buffers.
     *
     * @param sources the data; their positions advance
     * @return as {@link #send(ByteBuffer)}
     * @throws WinsockException what the provider answers
     */
    public long send(ByteBuffer[] sources) throws WinsockException {
        long n = winsock().wsaSend(handle, sources, 0, null, null);
        countSent(n);
        return n;
    }

    /**
     * Sends a datagram.
     *
     * @param source the data; its position advances
     * @param to where to
     * @return as {@link #send(ByteBuffer)}
     * @throws WinsockException what the provider answers
     */
    public int sendTo(ByteBuffer source, SocketAddress to) throws WinsockException {
        int n = winsock().sendto(handle, source, 0, to);
        countSent(n);
        return n;
    }

    /**
     * Asks how much can be received.
     *
     * @return the number of bytes that there are
     * @throws WinsockException what the provider answers
     */
    public int available() throws WinsockException {
        return (int) winsock().ioctlsocket(handle, IoctlCode.FIONREAD, null);
    }

    /**
     * Counts what was received past this class.
     *
     * @param n how many bytes; a negative number counts as none
     */
    public void countReceived(long n) {
        if (n > 0) {
            RECEIVED.getAndAdd(this, n);
        }
    }

    /**
     * Counts what was sent past this class.
     *
     * @param n how many bytes; a negative number counts as none
     */
    public void countSent(long n) {
        if (n > 0) {
            SENT.getAndAdd(this, n);
        }
    }

    // Names and options

    /**
     * Returns the local address.
     *
     * @return the address; null if it has none
     * @throws WinsockException what the provider answers
     */
    public SocketAddress localAddress() throws WinsockException {
        return name(WsaError.WSAEINVAL, winsock()::getsockname);
    }

    /**
     * Returns the address of the peer.
     *
     * @return the address; null if it has none
     * @throws WinsockException what the provider answers
     */
    public SocketAddress remoteAddress() throws WinsockException {
        return name(WsaError.WSAENOTCONN, winsock()::getpeername);
    }

    @FunctionalInterface
    private interface NameCall {
        SocketAddress of(SocketHandle s) throws WinsockException;
    }

    private SocketAddress name(WsaError none, NameCall call) throws WinsockException {
        try {
            return call.of(handle);
        } catch (WinsockException e) {
            if (e.is(none)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Makes the socket blocking, or not. Not for one with network events.
     *
     * @param blocking whether calls wait
     * @throws WinsockException what the provider answers
     */
    public void configureBlocking(boolean blocking) throws WinsockException {
        winsock().ioctlsocket(handle, IoctlCode.FIONBIO, !blocking);
        nonBlocking = !blocking;
    }

    /**
     * Sets an option of Winsock.
     *
     * @param level the level
     * @param name a name from {@link org.ws2j.spi.SocketOption}
     * @param value the value
     * @throws WinsockException what the provider answers
     */
    public void setOption(int level, int name, Object value) throws WinsockException {
        if (value instanceof Linger linger) {
            lingers = linger.onoff() && linger.seconds() > 0;
        }
        winsock().setsockopt(handle, level, name, value);
    }

    /**
     * Returns an option of Winsock.
     *
     * @param level the level
     * @param name a name from {@link org.ws2j.spi.SocketOption}
     * @return the value
     * @throws WinsockException what the provider answers
     */
    public Object getOption(int level, int name) throws WinsockException {
        return winsock().getsockopt(handle, level, name);
    }

    /**
     * Sets an option of the JDK, which the caller has found {@linkplain #supportedOptions supported}.
     *
     * @param option the option
     * @param value its value
     * @param <T> the type of the value
     * @throws IOException what the JDK throws
     * @throws IllegalArgumentException if the value is no good
     */
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        try {
            JdkOptions.set(this, option, value);
        } catch (WinsockException e) {
            throw optionFailure(e);
        }
    }

    /**
     * Returns an option of the JDK, which the caller has found {@linkplain #supportedOptions supported}.
     *
     * @param option the option
     * @param <T> the type of the value
     * @return the value; null for an interface that was not chosen
     * @throws IOException what the JDK throws
     */
    public <T> T getOption(SocketOption<T> option) throws IOException {
        try {
            if (accepted && option == StandardSocketOptions.SO_REUSEADDR) {
                return file.getOption(option); // The system hands it down from the listener.
            }
            return JdkOptions.get(this, option);
        } catch (WinsockException e) {
            throw optionFailure(e);
        }
    }

    private IOException optionFailure(WinsockException e) {
        if (JdkExceptions.origin(e) instanceof IllegalArgumentException refused) {
            throw new IllegalArgumentException(refused.getMessage());
        }
        return failure(e);
    }

    /**
     * Returns the options that a socket of the JDK has in its place, which does not listen.
     *
     * @return the options
     */
    public Set<SocketOption<?>> supportedOptions() {
        return ((java.nio.channels.NetworkChannel) file.channel()).supportedOptions();
    }

    // Failures and figures

    /**
     * Counts a failure, and makes of it what the program sees.
     *
     * @param e the failure
     * @return what the JDK throws
     */
    public IOException failure(WinsockException e) {
        ERRORS.getAndAdd(this, 1);
        return JdkExceptions.of(e);
    }

    /**
     * Counts the failure of a send, and makes of it what the program sees: the JDK's sends do not know what a receive has found.
     *
     * @param e the failure
     * @return what the JDK throws
     */
    public IOException sendFailure(WinsockException e) {
        IOException failure = failure(e);
        if (!e.is(WsaError.WSAECONNRESET)) {
            return failure;
        }
        boolean isKnown = sendReset || failure instanceof SocketException;
        sendReset = true;
        return isKnown ? new IOException("Broken pipe") : failure;
    }

    /**
     * Asks why an attempt to connect has failed.
     *
     * @return what the JDK throws
     * @throws WinsockException what the provider answers
     */
    public IOException connectFailure() throws WinsockException {
        int code = (int) getOption(org.ws2j.spi.SocketOption.SOL_SOCKET, org.ws2j.spi.SocketOption.SO_ERROR);
        ERRORS.getAndAdd(this, 1);
        return JdkExceptions.ofCode(code == 0 ? WsaError.WSAECONNREFUSED.code() : code);
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    int errors() {
        return errors;
    }

    Traffic.Connection describe(boolean isOpen) {
        return new Traffic.Connection(stream, text(WsaError.WSAEINVAL, winsock()::getsockname),
                text(WsaError.WSAENOTCONN, winsock()::getpeername), received, sent, isOpen);
    }

    private String text(WsaError none, NameCall call) {
        try {
            SocketAddress address = name(none, call);
            return address == null ? "" : address.toString();
        } catch (WinsockException e) { // It is closed, or about to be: the report does without.
            return "";
        }
    }

    @Override
    public String toString() {
        return handle.toString();
    }
}
