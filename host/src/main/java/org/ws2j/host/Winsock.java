package org.ws2j.host;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.ws2j.host.catalog.CatalogState;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.spi.AddressHolder;
import org.ws2j.spi.BlockingHook;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.ConditionProc;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.MessageWindows;
import org.ws2j.spi.Qos;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaNetworkEvents;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaProtocolInfo;

/**
 * Windows Sockets 2 for the JVM: the client's functions, and the host of the providers behind them.
 *
 * <p>One instance is to its sockets, events, threads and catalog what a process is on Windows: nothing is shared between two
 * of them. {@link #wsaStartup} comes first; before it, and after the last {@link #wsaCleanup}, every function on sockets fails
 * with {@code WSANOTINITIALISED}.
 *
 * <pre>{@code
 * try (Winsock winsock = Winsock.create()) {
 *     winsock.wsaStartup(WinsockVersion.V2_2);
 *     SocketHandle s = winsock.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
 *     winsock.connect(s, new InetSocketAddress("localhost", 7));
 *     winsock.send(s, ByteBuffer.wrap("hello".getBytes(UTF_8)), 0);
 *     winsock.closesocket(s);
 * }
 * }</pre>
 *
 * <p><b>Results and errors.</b> A failure is a {@link WinsockException} with the documented code, which is also the thread's
 * {@linkplain #wsaGetLastError() last error}; only {@link #wsaStartup}, and what {@link #catalog()}, {@link #waits()},
 * {@link #ports()}, {@link #windows()}, {@link #files()}, {@link #services()} and {@link #channel} return, leave the last error
 * as it is. {@code WSAEWOULDBLOCK} and {@code WSA_IO_PENDING} are negative results, see {@link org.ws2j.spi.WspResult}. Beyond
 * what a function documents, each function on a socket answers
 * {@code WSANOTINITIALISED}, {@code WSAENOTSOCK} for what is not an open socket of this instance, {@code WSAEINPROGRESS} to a
 * 1.x client while its blocking hook runs, what the socket's provider answers ({@link org.ws2j.spi.WspProcTable} says what
 * that can be), and {@code WSASYSCALLFAILURE} when the provider throws something else or returns what cannot be.
 *
 * <p><b>Buffers.</b> A synchronous call takes a buffer from its position to its limit and advances the position by the bytes
 * transferred. An overlapped call leaves position and limit alone; the buffer belongs to the operation until its completion.
 *
 * <p><b>Sockets without overlapped operations.</b> On a socket that was made without
 * {@link org.ws2j.spi.SocketFlag#WSA_FLAG_OVERLAPPED}, which {@link #wsaSocket} does not add, {@code lpOverlapped} and
 * {@code lpCompletionRoutine} are ignored: the call returns when the transfer is over, also if the socket is non-blocking, and
 * nothing is indicated. With a block the positions of the buffers stay where they are here, too.
 *
 * <p><b>Threads.</b> Everything may be called from any thread, virtual threads included, and by several threads at once.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/winsock-functions">Winsock functions</a>
 */
public final class Winsock implements AutoCloseable {
    private final HostProcess process;
    private final SocketCreation creation;
    private final SocketTransfers transfers;
    private final SocketSelect select;
    private final SocketPoll poll;
    private final SendMessage messages;

    Winsock(HostProcess process) {
        this.process = process;
        creation = new SocketCreation(process);
        transfers = new SocketTransfers(process);
        ServingProviders serving = new ServingProviders(process);
        select = new SocketSelect(process, serving);
        poll = new SocketPoll(process, serving);
        messages = new SendMessage(process, serving);
    }

    /**
     * Makes a host with the default catalog in memory: TCP and UDP over IPv4 and IPv6.
     *
     * @return the host
     */
    public static Winsock create() {
        return builder().build();
    }

    /** {@return a builder of hosts} */
    public static WinsockBuilder builder() {
        return new WinsockBuilder();
    }

    // ---- start-up and clean-up -------------------------------------------------------------------------------------

    /**
     * WSAStartup: starts the client, or counts one more start. The catalog that its sockets see is that of the first start.
     *
     * @param requested the highest version that the client can use
     * @return the version negotiated, and texts
     * @throws WinsockException {@code WSAVERNOTSUPPORTED} for a version before 1.0; {@code WSAEFAULT} for null;
     *     {@code WSAEINPROGRESS} while the last clean-up runs; {@code WSASYSNOTREADY} if the catalog cannot be read
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock/nf-winsock-wsastartup">WSAStartup</a>
     */
    public WsaData wsaStartup(WinsockVersion requested) throws WinsockException {
        return process.startup(requested);
    }

    /**
     * WSACleanup: ends one start. The last one ends everything: operations under way fail without an indication, open sockets
     * are reset, and every provider is cleaned up, the newest first, while its upcalls still work.
     *
     * @throws WinsockException {@code WSANOTINITIALISED} if there were as many clean-ups as starts; {@code WSAEINPROGRESS}
     *     inside a blocking hook
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock/nf-winsock-wsacleanup">WSACleanup</a>
     */
    public void wsaCleanup() throws WinsockException {
        process.checkNotInHook();
        process.cleanup();
    }

    /** Ends the host: as many clean-ups as are due. Closing twice is harmless. */
    @Override
    public void close() {
        process.close();
    }

    // ---- creating and closing sockets ------------------------------------------------------------------------------

    /**
     * socket: creates a socket for overlapped operations, unless SO_OPENTYPE of the thread says otherwise.
     *
     * @param af an {@link org.ws2j.spi.AddressFamily}; 0 fits any
     * @param type a {@link org.ws2j.spi.SocketType}; 0 fits any
     * @param protocol an {@link org.ws2j.spi.IpProtocol}; 0 fits entries that say so
     * @return the socket
     * @throws WinsockException as {@link #wsaSocket}
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-socket">socket</a>
     */
    public SocketHandle socket(int af, int type, int protocol) throws WinsockException {
        return creation.socket(af, type, protocol);
    }

    /**
     * WSASocket: creates a socket of the first catalog entry that fits, or of the entry given; starts its provider if need be.
     *
     * @param af an {@link org.ws2j.spi.AddressFamily}; 0 fits any
     * @param type a {@link org.ws2j.spi.SocketType}; 0 fits any
     * @param protocol an {@link org.ws2j.spi.IpProtocol}; 0 fits entries that say so
     * @param lpProtocolInfo the entry; null to choose by the first three parameters
     * @param g reserved
     * @param dwFlags {@link org.ws2j.spi.SocketFlag} bits
     * @return the socket
     * @throws WinsockException {@code WSAEAFNOSUPPORT}, {@code WSAESOCKTNOSUPPORT}, {@code WSAEPROTONOSUPPORT} if no entry
     *     has the family, the family and type, all three; {@code WSAEINVAL} for an entry that is not in the catalog, or a
     *     layer alone; {@code WSAEPROVIDERFAILEDINIT}, {@code WSAEINVALIDPROVIDER}, {@code WSAEINVALIDPROCTABLE} if the
     *     provider cannot be loaded or started, negotiates another version than 2.2 or returns a handle that is none, lacks a
     *     function; what the provider answers
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-wsasocketw">WSASocket</a>
     */
    public SocketHandle wsaSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException {
        return creation.wsaSocket(af, type, protocol, lpProtocolInfo, g, dwFlags);
    }

    /**
     * closesocket: closes a socket. Its overlapped operations fail with {@code WSA_OPERATION_ABORTED} and are indicated; a packet
     * of a socket that is a handle of the file system shows {@code ERROR_CONNECTION_ABORTED} instead.
     *
     * @param s the socket
     * @throws WinsockException {@code WSAEWOULDBLOCK} if it is non-blocking and lingers: it is open then as before
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock/nf-winsock-closesocket">closesocket</a>
     */
    public void closesocket(SocketHandle s) throws WinsockException {
        creation.close(s);
    }

    /**
     * WSADuplicateSocket: makes a protocol info from which {@link #wsaSocket} creates one more descriptor of a socket, once.
     *
     * @param s the socket
     * @param dwProcessId the process that will use it: {@link #processId()}. The bundled providers ignore the number, and the
     *     info is good in this host alone: in another one {@link #wsaSocket} fails with {@code WSAEINVAL}
     * @return the protocol info
     * @throws WinsockException what the provider answers
     */
    public WsaProtocolInfo wsaDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException {
        return process.present("WSPDuplicateSocket", s, (t, h) -> t.wspDuplicateSocket(h, dwProcessId));
    }

    /** {@return the number by which {@link #wsaDuplicateSocket} knows this host} */
    public int processId() {
        return process.id();
    }

    // ---- connecting ------------------------------------------------------------------------------------------------

    /**
     * bind: gives a socket its local address.
     *
     * @param s the socket
     * @param name the address
     * @throws WinsockException what the provider answers
     */
    public void bind(SocketHandle s, SocketAddress name) throws WinsockException {
        process.run("WSPBind", s, (t, h) -> t.wspBind(h, name));
    }

    /**
     * listen: makes a bound socket listen.
     *
     * @param s the socket
     * @param backlog how many connections may wait
     * @throws WinsockException what the provider answers
     */
    public void listen(SocketHandle s, int backlog) throws WinsockException {
        process.run("WSPListen", s, (t, h) -> t.wspListen(h, backlog));
    }

    /**
     * accept: takes a connection.
     *
     * @param s a listening socket
     * @param addr receives the peer's address; null if that is not wanted
     * @return the new socket; null in place of {@code WSAEWOULDBLOCK} if the socket is non-blocking and nothing is pending
     * @throws WinsockException what the provider answers; {@code WSAEINVALIDPROVIDER} if it returns a handle that is none
     */
    public SocketHandle accept(SocketHandle s, AddressHolder addr) throws WinsockException {
        return creation.accept(s, addr, null);
    }

    /**
     * WSAAccept: takes a connection, if a condition function agrees.
     *
     * @param s a listening socket
     * @param addr receives the peer's address; null if that is not wanted
     * @param lpfnCondition decides, on the calling thread; null to accept
     * @return the new socket; null in place of {@code WSAEWOULDBLOCK}
     * @throws WinsockException as {@link #accept}; {@code WSAECONNREFUSED} if the function rejects, {@code WSATRY_AGAIN} if it
     *     defers
     */
    public SocketHandle wsaAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition)
            throws WinsockException {
        return creation.accept(s, addr, lpfnCondition);
    }

    /**
     * connect: connects a socket.
     *
     * @param s the socket
     * @param name the address of the peer
     * @return 0, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK} if the socket is non-blocking and the attempt goes on
     * @throws WinsockException what the provider answers
     */
    public int connect(SocketHandle s, SocketAddress name) throws WinsockException {
        return wsaConnect(s, name, null, null, null, null);
    }

    /**
     * WSAConnect: connects a socket, with user data and a quality of service where the provider has such things.
     *
     * @param s the socket
     * @param name the address of the peer
     * @param lpCallerData what is sent along; null for nothing
     * @param lpCalleeData room for what comes back; null for none
     * @param lpSQOS the quality of service wanted; null for none
     * @param lpGQOS reserved; null
     * @return 0, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers
     */
    public int wsaConnect(
            SocketHandle s,
            SocketAddress name,
            ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData,
            Qos lpSQOS,
            Qos lpGQOS)
            throws WinsockException {
        return process.call("WSPConnect", s, (t, h) -> {
            int result = t.wspConnect(h, name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS);
            return (int) ProviderCalls.checked("WSPConnect", result, 0, false);
        });
    }

    /**
     * WSAJoinLeaf: joins a leaf to a multipoint session.
     *
     * @param s the socket
     * @param name the group or the leaf
     * @param lpCallerData what is sent along; null for nothing
     * @param lpCalleeData room for what comes back; null for none
     * @param lpSQOS the quality of service wanted; null for none
     * @param lpGQOS reserved; null
     * @param dwFlags a {@link org.ws2j.spi.JoinLeafFlag}
     * @return a new socket for a root, the socket itself for a leaf
     * @throws WinsockException what the provider answers
     */
    public SocketHandle wsaJoinLeaf(
            SocketHandle s,
            SocketAddress name,
            ByteBuffer lpCallerData,
            ByteBuffer lpCalleeData,
            Qos lpSQOS,
            Qos lpGQOS,
            int dwFlags)
            throws WinsockException {
        return creation.joinLeaf(s, name, lpCallerData, lpCalleeData, lpSQOS, lpGQOS, dwFlags);
    }

    /**
     * shutdown: ends sending, receiving, or both.
     *
     * @param s the socket
     * @param how a {@link org.ws2j.spi.ShutdownHow}
     * @throws WinsockException what the provider answers
     */
    public void shutdown(SocketHandle s, int how) throws WinsockException {
        process.run("WSPShutdown", s, (t, h) -> t.wspShutdown(h, how));
    }

    /**
     * WSASendDisconnect: ends sending, with data for the peer.
     *
     * @param s the socket
     * @param data the data; null for none
     * @throws WinsockException what the provider answers
     */
    public void wsaSendDisconnect(SocketHandle s, ByteBuffer data) throws WinsockException {
        process.run("WSPSendDisconnect", s, (t, h) -> t.wspSendDisconnect(h, data));
    }

    /**
     * WSARecvDisconnect: ends receiving, and fetches the peer's disconnect data.
     *
     * @param s the socket
     * @param data receives the data; null for none
     * @throws WinsockException what the provider answers
     */
    public void wsaRecvDisconnect(SocketHandle s, ByteBuffer data) throws WinsockException {
        process.run("WSPRecvDisconnect", s, (t, h) -> t.wspRecvDisconnect(h, data));
    }

    // ---- transferring data -----------------------------------------------------------------------------------------

    /**
     * send: sends on a connected socket; a blocking one sends everything.
     *
     * @param s the socket
     * @param buffer the data; its position advances
     * @param flags {@link org.ws2j.spi.MessageFlag} bits
     * @return the number of bytes sent, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers
     */
    public int send(SocketHandle s, ByteBuffer buffer, int flags) throws WinsockException {
        return (int) transfers.send(s, buffer, flags, null, null);
    }

    /**
     * sendto: sends a datagram to an address.
     *
     * @param s the socket
     * @param buffer the data; its position advances
     * @param flags {@link org.ws2j.spi.MessageFlag} bits
     * @param to the destination; null for the default peer
     * @return the number of bytes sent, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers
     */
    public int sendto(SocketHandle s, ByteBuffer buffer, int flags, SocketAddress to) throws WinsockException {
        return (int) transfers.sendTo(s, buffer, flags, to, null, null);
    }

    /**
     * recv: receives on a connected or bound socket.
     *
     * @param s the socket
     * @param buffer room for the data; its position advances
     * @param flags {@link org.ws2j.spi.MessageFlag} bits
     * @return the number of bytes received, 0 at the end of a stream, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers; {@code WSAEMSGSIZE} if only a part of a message was received
     */
    public int recv(SocketHandle s, ByteBuffer buffer, int flags) throws WinsockException {
        return transfers.recv(s, buffer, flags);
    }

    /**
     * recvfrom: receives a datagram and its source.
     *
     * @param s the socket
     * @param buffer room for the data; its position advances
     * @param result the flags, in and out, and the source; may be used again, with the flags set anew
     * @return the number of bytes received, or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers
     */
    public int recvfrom(SocketHandle s, ByteBuffer buffer, ReceiveResult result) throws WinsockException {
        return (int) transfers.recvFrom(s, buffer, result, null, null);
    }

    /**
     * WSASend with one buffer.
     *
     * @param s the socket
     * @param buffer the data
     * @param dwFlags {@link org.ws2j.spi.MessageFlag} bits
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return the number of bytes sent (an overlapped operation is then over, and has been indicated),
     *     {@link org.ws2j.spi.WspResult#IO_PENDING} or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers; {@code WSAEINVAL} for a completion routine on a socket that is
     *     associated with a completion port
     */
    public long wsaSend(
            SocketHandle s,
            ByteBuffer buffer,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.send(s, buffer, dwFlags, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSASend with several buffers.
     *
     * @param s the socket
     * @param buffers the data; the array is free again when the call returns
     * @param dwFlags {@link org.ws2j.spi.MessageFlag} bits
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return as the form with one buffer
     * @throws WinsockException as the form with one buffer
     */
    public long wsaSend(
            SocketHandle s,
            ByteBuffer[] buffers,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.send(s, buffers, dwFlags, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSASendTo with one buffer.
     *
     * @param s the socket
     * @param buffer the data
     * @param dwFlags {@link org.ws2j.spi.MessageFlag} bits
     * @param lpTo the destination; null for the default peer
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return as {@link #wsaSend(SocketHandle, ByteBuffer, int, WsaOverlapped, WsaCompletionRoutine)}
     * @throws WinsockException likewise
     */
    public long wsaSendTo(
            SocketHandle s,
            ByteBuffer buffer,
            int dwFlags,
            SocketAddress lpTo,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.sendTo(s, buffer, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSASendTo with several buffers.
     *
     * @param s the socket
     * @param buffers the data; the array is free again when the call returns
     * @param dwFlags {@link org.ws2j.spi.MessageFlag} bits
     * @param lpTo the destination; null for the default peer
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return as {@link #wsaSend(SocketHandle, ByteBuffer, int, WsaOverlapped, WsaCompletionRoutine)}
     * @throws WinsockException likewise
     */
    public long wsaSendTo(
            SocketHandle s,
            ByteBuffer[] buffers,
            int dwFlags,
            SocketAddress lpTo,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.sendTo(s, buffers, dwFlags, lpTo, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSASendMsg: sends a datagram with control information.
     *
     * <p>The host asks the socket for the handle that serves it ({@link org.ws2j.spi.IoctlCode#SIO_BSP_HANDLE}). A layer that
     * claims the function gets it by {@link org.ws2j.spi.IoctlCode#SIO_EXT_SENDMSG}; else the extension function of the provider
     * that serves the socket is called, past the layers. Either way it is indicated as an operation on this socket.
     *
     * @param s a connectionless socket
     * @param lpMsg the message; the positions of its buffers advance
     * @param dwFlags {@link org.ws2j.spi.MessageFlag} bits
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return the number of bytes sent (an overlapped operation is then over, and has been indicated),
     *     {@link org.ws2j.spi.WspResult#IO_PENDING} or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException {@code WSAEFAULT} for a null message or buffer; {@code WSAEINVAL} for a message without buffers,
     *     and for a completion routine on a socket that is associated with a completion port; {@code WSAEOPNOTSUPP} on a
     *     connection-oriented socket and where the provider has no such function; what the provider answers
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-wsasendmsg">WSASendMsg</a>
     */
    public long wsaSendMsg(
            SocketHandle s,
            WsaMsg lpMsg,
            int dwFlags,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return messages.sendMsg(s, lpMsg, dwFlags, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSARecv with one buffer.
     *
     * @param s the socket
     * @param buffer room for the data
     * @param lpResult the flags, in and out; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return the number of bytes received, 0 at the end of a stream (an overlapped operation is then over, and has been
     *     indicated), {@link org.ws2j.spi.WspResult#IO_PENDING} or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers; {@code WSAEINVAL} for a completion routine on a socket that is
     *     associated with a completion port
     */
    public long wsaRecv(
            SocketHandle s,
            ByteBuffer buffer,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.recv(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSARecv with several buffers.
     *
     * @param s the socket
     * @param buffers room for the data; the array is free again when the call returns
     * @param lpResult the flags, in and out; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return as the form with one buffer
     * @throws WinsockException as the form with one buffer
     */
    public long wsaRecv(
            SocketHandle s,
            ByteBuffer[] buffers,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.recv(s, buffers, lpResult, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSARecvFrom with one buffer.
     *
     * @param s the socket
     * @param buffer room for the data
     * @param lpResult the flags, in and out, and the source; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return as {@link #wsaRecv(SocketHandle, ByteBuffer, ReceiveResult, WsaOverlapped, WsaCompletionRoutine)}
     * @throws WinsockException likewise
     */
    public long wsaRecvFrom(
            SocketHandle s,
            ByteBuffer buffer,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.recvFrom(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSARecvFrom with several buffers.
     *
     * @param s the socket
     * @param buffers room for the data; the array is free again when the call returns
     * @param lpResult the flags, in and out, and the source; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return as {@link #wsaRecv(SocketHandle, ByteBuffer, ReceiveResult, WsaOverlapped, WsaCompletionRoutine)}
     * @throws WinsockException likewise
     */
    public long wsaRecvFrom(
            SocketHandle s,
            ByteBuffer[] buffers,
            ReceiveResult lpResult,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.recvFrom(s, buffers, lpResult, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * WSAGetOverlappedResult: returns the outcome of an overlapped operation.
     *
     * @param s the socket
     * @param lpOverlapped the block of the operation
     * @param fWait whether to wait for the event of the block if the operation is not over; only for operations with an event,
     *     which nobody else sets
     * @param lpResult receives the flags of a receive; null if they are not wanted
     * @return the number of bytes transferred, or {@link org.ws2j.spi.WspResult#IO_INCOMPLETE} if the operation is not over.
     *     Where somebody else has set the event that was waited for, {@code tcpip} returns the bytes so far instead
     * @throws WinsockException the error of the operation; {@code WSAEFAULT} for a null block; {@code WSA_INVALID_HANDLE} if
     *     there is no event to wait for
     */
    public long wsaGetOverlappedResult(
            SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait, ReceiveResult lpResult) throws WinsockException {
        return transfers.overlappedResult(s, lpOverlapped, fWait, lpResult);
    }

    /**
     * A view of a socket as a channel: it reads and writes by the file functions, as a file is read on Windows, and fails as
     * {@link FileHandles#readFile(SocketHandle, ByteBuffer)} does. Closing it closes the socket; the end of the stream reads
     * as -1.
     *
     * @param s the socket
     * @return the channel
     * @throws WinsockException {@code WSAENOTSOCK}, {@code WSANOTINITIALISED}
     */
    public ByteChannel channel(SocketHandle s) throws WinsockException {
        process.open(s);
        return new SocketFileChannel(this, s);
    }

    // ---- readiness and notification --------------------------------------------------------------------------------

    /**
     * select: waits until one of several sockets is ready, and leaves the ready ones in the sets.
     *
     * <p>Sockets of one provider go to that provider. For those of several providers the host asks each socket for the handle
     * that serves it ({@link org.ws2j.spi.IoctlCode#SIO_BSP_HANDLE_SELECT}). If all of these are one base provider's, that one
     * selects, past the layers; if all are those of one layer that claims them, it gets the sets by
     * {@link org.ws2j.spi.IoctlCode#SIO_EXT_SELECT}.
     *
     * @param readfds sockets to receive or accept on; null for none
     * @param writefds sockets to send on, or to learn that they are connected; null for none
     * @param exceptfds sockets to learn that a connect failed, or that urgent data is there; null for none
     * @param timeout how long to wait; null to wait for ever
     * @return how many members the sets have then, 0 at the time-out
     * @throws WinsockException {@code WSAEINVAL} for a time-out out of range, where no set holds a socket, and for sockets that
     *     no one provider serves; {@code WSAENOTSOCK} if a member is not an open socket
     */
    public int select(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException {
        return select.select(readfds, writefds, exceptfds, timeout);
    }

    /**
     * WSAPoll: waits until something holds of one of several sockets, and says what.
     *
     * <p>The host asks each socket for the handle that serves it ({@link org.ws2j.spi.IoctlCode#SIO_BSP_HANDLE_POLL}), and the
     * provider of those handles for all of them at once ({@link org.ws2j.spi.IoctlCode#SIO_EXT_POLL}): a base provider, past
     * the layers, or one layer that claims all of them. An entry of what is not an open socket answers
     * {@link org.ws2j.spi.WsaPollFd#POLLNVAL}, counts, and ends the wait; so does a socket that is closed meanwhile. Procedures
     * queued for the thread run before or after, not in the wait.
     *
     * @param fds the entries; one without a socket is left out, its answer is 0
     * @param timeoutMillis milliseconds to wait; 0 for a look, negative to wait for ever
     * @return how many entries have an answer other than 0; 0 at the time-out
     * @throws WinsockException {@code WSAEFAULT} for a null array or entry; {@code WSAEINVAL} for no entries, if none is of an
     *     open socket, for events that nobody can ask for, and for sockets that no one provider serves; {@code WSAEOPNOTSUPP}
     *     if their provider cannot poll; what the provider answers
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winsock2/nf-winsock2-wsapoll">WSAPoll</a>
     */
    public int wsaPoll(WsaPollFd[] fds, int timeoutMillis) throws WinsockException {
        return poll.poll(fds, timeoutMillis);
    }

    /**
     * WSAEventSelect: selects network events to be recorded and to signal an event; makes the socket non-blocking.
     *
     * @param s the socket
     * @param hEventObject the event; ignored where no network events are selected
     * @param lNetworkEvents {@link org.ws2j.spi.NetworkEvent} bits; 0 ends the selection
     * @throws WinsockException {@code WSAEINVAL} for what is not an open event; what the provider answers
     */
    public void wsaEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException {
        select.eventSelect(s, hEventObject, lNetworkEvents);
    }

    /**
     * WSAEnumNetworkEvents: reports and clears the network events recorded, and resets an event.
     *
     * @param s the socket
     * @param hEventObject the event to reset; null for none
     * @param lpNetworkEvents receives the events
     * @throws WinsockException {@code WSAEFAULT} for a null record; what the provider answers
     */
    public void wsaEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException {
        process.run("WSPEnumNetworkEvents", s, (t, h) -> t.wspEnumNetworkEvents(h, hEventObject, lpNetworkEvents));
    }

    /**
     * WSAAsyncSelect: selects network events to be reported by messages to a window; makes the socket non-blocking.
     *
     * @param s the socket
     * @param hWnd the window; ignored where no network events are selected
     * @param wMsg the number of the messages
     * @param lEvent {@link org.ws2j.spi.NetworkEvent} bits; 0 ends the selection
     * @throws WinsockException {@code WSAEINVAL} if there is no such window; what the provider answers
     */
    public void wsaAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException {
        select.asyncSelect(s, hWnd, wMsg, lEvent);
    }

    /**
     * WSACreateEvent: creates an event, manual reset and not signaled. What else there is to events, and waiting for them, is
     * in {@link #waits()}.
     *
     * @return the event
     * @throws WinsockException {@code WSANOTINITIALISED}
     */
    public WsaEvent wsaCreateEvent() throws WinsockException {
        process.checkStarted();
        return process.told(() -> waits().createEvent(true, false));
    }

    /**
     * WSASetEvent: signals an event.
     *
     * @param hEvent the event
     * @throws WinsockException {@code WSANOTINITIALISED}; {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    public void wsaSetEvent(WsaEvent hEvent) throws WinsockException {
        process.checkStarted();
        process.told(() -> {
            waits().setEvent(hEvent);
            return null;
        });
    }

    /**
     * WSAResetEvent: takes back the signal of an event.
     *
     * @param hEvent the event
     * @throws WinsockException {@code WSANOTINITIALISED}; {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    public void wsaResetEvent(WsaEvent hEvent) throws WinsockException {
        process.checkStarted();
        process.told(() -> {
            waits().resetEvent(hEvent);
            return null;
        });
    }

    /**
     * WSACloseEvent: closes an event.
     *
     * @param hEvent the event
     * @throws WinsockException {@code WSANOTINITIALISED}; {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    public void wsaCloseEvent(WsaEvent hEvent) throws WinsockException {
        process.checkStarted();
        process.told(() -> {
            waits().closeEvent(hEvent);
            return null;
        });
    }

    /**
     * WSAWaitForMultipleEvents: waits for one or all of several events.
     *
     * @param events 1 to {@link Waits#WSA_MAXIMUM_WAIT_EVENTS} events
     * @param fWaitAll true: until all are signaled at one moment; false: until one is
     * @param dwTimeoutMillis milliseconds, {@link Waits#WSA_INFINITE} to wait for ever
     * @param fAlertable whether completion routines run, and end the wait
     * @return as {@link Waits#waitForMultipleEvents}
     * @throws WinsockException {@code WSANOTINITIALISED}; as {@link Waits#waitForMultipleEvents}
     */
    public int wsaWaitForMultipleEvents(
            WsaEvent[] events, boolean fWaitAll, long dwTimeoutMillis, boolean fAlertable) throws WinsockException {
        process.checkStarted();
        return process.told(
                () -> waits().waitForMultipleEvents(events, fWaitAll, dwTimeoutMillis, fAlertable));
    }

    // ---- names, options, ioctls ------------------------------------------------------------------------------------

    /**
     * getsockname: returns the local address of a socket.
     *
     * @param s the socket
     * @return the address
     * @throws WinsockException {@code WSAEINVAL} if it is not bound
     */
    public SocketAddress getsockname(SocketHandle s) throws WinsockException {
        return process.present("WSPGetSockName", s, (t, h) -> t.wspGetSockName(h));
    }

    /**
     * getpeername: returns the address of the peer of a socket.
     *
     * @param s the socket
     * @return the address
     * @throws WinsockException {@code WSAENOTCONN} if it is not connected
     */
    public SocketAddress getpeername(SocketHandle s) throws WinsockException {
        return process.present("WSPGetPeerName", s, (t, h) -> t.wspGetPeerName(h));
    }

    /**
     * getsockopt: returns the value of an option.
     *
     * @param s the socket; ignored for {@link org.ws2j.spi.SocketOption#SO_OPENTYPE}, which is the thread's
     * @param level {@link org.ws2j.spi.SocketOption#SOL_SOCKET} or an {@link org.ws2j.spi.IpProtocol}
     * @param optname a name from {@link org.ws2j.spi.SocketOption}, which gives the type of the value
     * @return the value
     * @throws WinsockException {@code WSAENOPROTOOPT}, {@code WSAEINVAL}; what the provider answers
     */
    public Object getsockopt(SocketHandle s, int level, int optname) throws WinsockException {
        return creation.getOption(s, level, optname);
    }

    /**
     * setsockopt: sets the value of an option.
     *
     * @param s the socket; ignored for {@link org.ws2j.spi.SocketOption#SO_OPENTYPE}, which is the thread's
     * @param level {@link org.ws2j.spi.SocketOption#SOL_SOCKET} or an {@link org.ws2j.spi.IpProtocol}
     * @param optname a name from {@link org.ws2j.spi.SocketOption}, which gives the type of the value
     * @param optval the value
     * @throws WinsockException {@code WSAENOPROTOOPT}, {@code WSAEINVAL}, {@code WSAEFAULT}; what the provider answers
     */
    public void setsockopt(SocketHandle s, int level, int optname, Object optval) throws WinsockException {
        creation.setOption(s, level, optname, optval);
    }

    /**
     * ioctlsocket: controls the mode of a socket.
     *
     * @param s the socket
     * @param cmd {@link org.ws2j.spi.IoctlCode#FIONBIO}, {@link org.ws2j.spi.IoctlCode#FIONREAD} or
     *     {@link org.ws2j.spi.IoctlCode#SIOCATMARK}
     * @param argument the input; null for codes without one
     * @return the output; null for codes without one
     * @throws WinsockException what the provider answers
     */
    public Object ioctlsocket(SocketHandle s, int cmd, Object argument) throws WinsockException {
        IoctlResult out = new IoctlResult();
        wsaIoctl(s, cmd, argument, out, null, null);
        return out.value();
    }

    /**
     * WSAIoctl: controls a socket.
     *
     * @param s the socket
     * @param dwIoControlCode a code from {@link org.ws2j.spi.IoctlCode}, which gives the types of input and output
     * @param in the input; null for codes without one
     * @param out receives the output; null for codes without one
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous call
     * @param lpCompletionRoutine the completion routine; null for none
     * @return 0, {@link org.ws2j.spi.WspResult#IO_PENDING} or {@link org.ws2j.spi.WspResult#WOULD_BLOCK}
     * @throws WinsockException what the provider answers; {@code WSAEINVAL} for a completion routine on a socket that is
     *     associated with a completion port
     */
    public long wsaIoctl(
            SocketHandle s,
            int dwIoControlCode,
            Object in,
            IoctlResult out,
            WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return transfers.ioctl(s, dwIoControlCode, in, out, lpOverlapped, lpCompletionRoutine);
    }

    /**
     * Asks for an extension function ({@link org.ws2j.spi.IoctlCode#SIO_GET_EXTENSION_FUNCTION_POINTER}), with its type.
     *
     * <pre>{@code
     * ConnectEx connectEx = winsock.extensionFunction(s, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class);
     * }</pre>
     *
     * @param s a socket; the function belongs to its provider, and is for sockets of that one
     * @param id which function: an {@link org.ws2j.spi.ExtensionFunction}
     * @param type the type that stands beside the id
     * @param <F> the type
     * @return the function
     * @throws WinsockException {@code WSAEINVAL} or {@code WSAEOPNOTSUPP} if the provider has no such function;
     *     {@code WSAEFAULT} if the function is of another type; what the provider answers
     * @see <a href="https://learn.microsoft.com/windows/win32/winsock/winsock-ioctls">Winsock IOCTLs</a>
     */
    public <F> F extensionFunction(SocketHandle s, UUID id, Class<F> type) throws WinsockException {
        return messages.extensionFunction(s, id, type);
    }

    /**
     * WSAGetQOSByName: looks up a template of quality of service.
     *
     * @param s the socket
     * @param name the name; empty to list the names
     * @param names receives the names where the name is empty
     * @return the template, null where names were listed
     * @throws WinsockException what the provider answers
     */
    public Qos wsaGetQosByName(SocketHandle s, String name, List<String> names) throws WinsockException {
        return process.call("WSPGetQOSByName", s, (t, h) -> t.wspGetQosByName(h, name, names));
    }

    /**
     * WSAAddressToString: returns the numeric text of an address.
     *
     * @param address the address
     * @param info the entry whose provider is asked; null for the first one of the address's family
     * @return the text
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} if no provider knows the family
     */
    public String wsaAddressToString(SocketAddress address, WsaProtocolInfo info) throws WinsockException {
        return creation.addressToString(address, info);
    }

    /**
     * WSAStringToAddress: parses the numeric text of an address.
     *
     * @param text the text
     * @param addressFamily the {@link org.ws2j.spi.AddressFamily} it is to be of
     * @param info the entry whose provider is asked; null for the first one of the family
     * @return the address
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} if it cannot be parsed, or no provider knows the
     *     family
     */
    public SocketAddress wsaStringToAddress(String text, int addressFamily, WsaProtocolInfo info)
            throws WinsockException {
        return creation.stringToAddress(text, addressFamily, info);
    }

    // ---- the catalog -----------------------------------------------------------------------------------------------

    /**
     * WSAEnumProtocols: enumerates the entries that an application can use, as they were at the first start-up.
     *
     * @param protocols the protocol numbers wanted; none for all
     * @return base entries and chains that are not hidden, in the order of the catalog
     * @throws WinsockException {@code WSANOTINITIALISED}; {@code WSAEINPROGRESS} inside a blocking hook
     */
    public List<WsaProtocolInfo> wsaEnumProtocols(int... protocols) throws WinsockException {
        process.checkStarted();
        process.checkNotInHook();
        return process.visibleProtocols(protocols);
    }

    /**
     * WSAEnumProtocols into a buffer, as C asks for it.
     *
     * @param protocols the protocol numbers wanted; null for all
     * @param buffer filled from the first place on
     * @return how many entries were stored
     * @throws org.ws2j.spi.BufferTooSmallException {@code WSAENOBUFS} if the buffer is null or too small; it tells
     *     the number of entries, and the buffer is not touched
     * @throws WinsockException {@code WSANOTINITIALISED}; {@code WSAEINPROGRESS} inside a blocking hook
     */
    public int wsaEnumProtocols(int[] protocols, WsaProtocolInfo[] buffer) throws WinsockException {
        List<WsaProtocolInfo> found = wsaEnumProtocols(protocols == null ? new int[0] : protocols);
        return process.told(() -> CatalogState.store(found, buffer));
    }

    /** {@return the catalog and its configuration: the WSC functions; they work before start-up too} */
    public ProtocolCatalog catalog() {
        return process.catalog();
    }

    /**
     * WSAProviderConfigChange: learns of changes of the catalog. A change by another process is found, and told, when somebody
     * here next reads or changes the catalog: nothing watches its file.
     *
     * @param notification what an earlier call returned; null to begin
     * @param lpOverlapped completed at the next change after the notification began or was last told; null to wait for it
     *     here. Ignored without a notification, and never completed then
     * @param lpCompletionRoutine the completion routine; null for none; likewise ignored without a notification
     * @return the notification, which its owner closes; the last clean-up ends it as it ends overlapped operations: without
     *     a sign
     * @throws WinsockException {@code WSANOTINITIALISED}; {@code WSAEINVAL} for a notification that was closed or ended;
     *     {@code WSA_OPERATION_ABORTED} if it is closed, or the last clean-up comes, while this waits
     */
    public CatalogNotification wsaProviderConfigChange(
            CatalogNotification notification, WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine)
            throws WinsockException {
        return process.catalogChange(notification, lpOverlapped, lpCompletionRoutine);
    }

    // ---- blocking hooks of 1.x clients -----------------------------------------------------------------------------

    /**
     * WSASetBlockingHook: installs the calling thread's blocking hook.
     *
     * @param hook runs again and again while a blocking call of this thread waits
     * @return the former hook, null for none
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x; {@code WSAEFAULT} for null;
     *     {@code WSANOTINITIALISED}
     */
    public BlockingHook wsaSetBlockingHook(BlockingHook hook) throws WinsockException {
        process.checkStarted();
        return process.told(() -> process.hooks().set(hook));
    }

    /**
     * WSAUnhookBlockingHook: the calling thread has no blocking hook from now on.
     *
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x; {@code WSANOTINITIALISED}
     */
    public void wsaUnhookBlockingHook() throws WinsockException {
        process.checkStarted();
        process.told(() -> {
            process.hooks().unhook();
            return null;
        });
    }

    /**
     * WSAIsBlocking: tells whether the calling thread is inside a blocking call, which is to say in its hook.
     *
     * @return true if it is
     * @throws WinsockException {@code WSAEOPNOTSUPP} for a client of 2.x; {@code WSANOTINITIALISED}
     */
    public boolean wsaIsBlocking() throws WinsockException {
        process.checkStarted();
        return process.told(() -> process.hooks().isBlocking());
    }

    /**
     * WSACancelBlockingCall: cancels the blocking call whose hook is running on the calling thread; it ends with
     * {@code WSAEINTR}.
     *
     * @throws WinsockException {@code WSAEINVAL} if there is none; {@code WSAEOPNOTSUPP} for a client of 2.x;
     *     {@code WSANOTINITIALISED}
     */
    public void wsaCancelBlockingCall() throws WinsockException {
        process.checkStarted();
        process.cancelBlockingCall();
    }

    // ---- the thread and the system ---------------------------------------------------------------------------------

    /** {@return the calling thread's last error, 0 before any; it survives clean-up, and success leaves it alone} */
    public int wsaGetLastError() {
        return process.services().wsaGetLastError();
    }

    /**
     * WSASetLastError: sets the calling thread's last error.
     *
     * @param error a Winsock code
     */
    public void wsaSetLastError(int error) {
        process.services().wsaSetLastError(error);
    }

    /** {@return events of the system, waits and sleeps} */
    public Waits waits() {
        return process.services().waits();
    }

    /** {@return completion ports} */
    public CompletionPorts ports() {
        return process.services().ports();
    }

    /** {@return message windows} */
    public MessageWindows windows() {
        return process.services().windows();
    }

    /** {@return the file functions on sockets: SetFileCompletionNotificationModes and CancelIoEx are among them} */
    public FileHandles files() {
        return process.services().files();
    }

    /** {@return all that the host offers its providers beside the upcalls} */
    public HostServices services() {
        return process.services();
    }

    // ---- diagnostics -----------------------------------------------------------------------------------------------

    /** {@return what is still held; everything here is a leak when the program believes it has closed all} */
    public OpenHandles openHandles() {
        return process.openHandles();
    }

    /** {@return who made which upcall how often, if {@link WinsockBuilder#auditUpcalls} asked for it} */
    public Optional<UpcallAudit> upcallAudit() {
        return process.audit();
    }

    /**
     * Names the provider that serves a socket.
     *
     * @param s the socket
     * @return the name of its module
     * @throws WinsockException {@code WSAENOTSOCK}, {@code WSANOTINITIALISED}
     */
    public String providerOf(SocketHandle s) throws WinsockException {
        HostSocket socket = process.open(s);
        return socket.owner().name();
    }
}
