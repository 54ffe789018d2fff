package org.ws2j.spi;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The thirty functions of a transport service provider: WSPPROC_TABLE. The four that transfer data have a form with one
 * buffer, the common case, and one with several.
 *
 * <p>All of them may be called by several threads at once, and by a thread that is inside a callback of the provider. The
 * handles are those that the provider itself made. A socket is blocking at first; {@link IoctlCode#FIONBIO},
 * {@link #wspEventSelect} and {@link #wspAsyncSelect} make it non-blocking. Before a synchronous call on a blocking socket
 * waits, the provider asks {@link Upcalls#wpuQueryBlockingCallback}; the mode has no influence on overlapped calls.
 *
 * <p>A call is overlapped if it has a block, and the socket was made with {@link SocketFlag#WSA_FLAG_OVERLAPPED}. On any other
 * socket block and routine are ignored: a transfer waits in the call, in whatever mode the socket is, and nothing is indicated.
 * An overlapped call without a routine whose block has an event that is not open fails with {@code WSA_INVALID_HANDLE}.
 *
 * <p>A provider answers a function that it does not support with {@code WSAEOPNOTSUPP}. It throws nothing but
 * {@link WinsockException}: anything else reaches the client as {@code WSASYSCALLFAILURE}.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/ns-ws2spi-wspproc_table">WSPPROC_TABLE</a>
 */
public interface WspProcTable {

    /**
     * Takes the oldest pending connection of a listening socket. May block.
     *
     * <p>The new socket has the properties of the listening one, its selection of network events included, and starts
     * to report at once.
     *
     * @param s the socket
     * @param addr receives the address of the peer; null if that is not wanted
     * @param lpfnCondition decides on the connection, on the calling thread; null to accept
     * @return the new socket; null in place of {@code WSAEWOULDBLOCK} if the socket is non-blocking and nothing is
     *     pending
     * @throws WinsockException {@code WSAECONNREFUSED} if the condition function rejected, {@code WSATRY_AGAIN} if
     *     it deferred; {@code WSAECONNRESET} if the peer withdrew; {@code WSAEACCES} if the offer timed out; {@code
     *     WSAEFAULT}; {@code WSAEINVAL} if the socket does not listen, or the condition function gave no decision;
     *     {@code WSAEMFILE}, {@code WSAENOBUFS}; {@code WSAEOPNOTSUPP} on a connectionless socket; {@code WSAEINTR} if
     *     the call was cancelled; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if
     *     the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1
     *     client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspaccept">WSPAccept</a>
     */
    SocketHandle wspAccept(SocketHandle s, AddressHolder addr, ConditionProc lpfnCondition) throws WinsockException;

    /**
     * Returns the numeric text of an address. Never blocks.
     *
     * @param lpsaAddress the address
     * @param lpProtocolInfo the entry whose notation is wanted; never null
     * @return the text, with the port unless that is 0
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} if the family is not the provider's,
     *     or the entry is not
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspaddresstostring">WSPAddressToString</a>
     */
    String wspAddressToString(SocketAddress lpsaAddress, WsaProtocolInfo lpProtocolInfo) throws WinsockException;

    /**
     * Selects the network events that are reported by message, and makes the socket non-blocking. Never blocks.
     *
     * <p>Replaces any earlier selection of the socket, also one by event. Messages go through {@link
     * Upcalls#wpuPostMessage}, one for each event.
     *
     * @param s the socket
     * @param hWnd the window
     * @param wMsg the number of the messages
     * @param lEvent {@link NetworkEvent} bits; 0 ends the selection
     * @throws WinsockException {@code WSAEINVAL} for a bad parameter or a socket in the wrong state; {@code
     *     WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed;
     *     {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspasyncselect">WSPAsyncSelect</a>
     */
    void wspAsyncSelect(SocketHandle s, WindowHandle hWnd, int wMsg, int lEvent) throws WinsockException;

    /**
     * Gives an unbound socket its local address. Never blocks.
     *
     * @param s the socket
     * @param name the address; the wildcard address and port 0 leave the choice to the provider
     * @throws WinsockException {@code WSAEADDRINUSE} if it is taken; {@code WSAEADDRNOTAVAIL} if it is not local;
     *     {@code WSAEACCES} if it is forbidden; {@code WSAEFAULT} for null and for an address of another family;
     *     {@code WSAEINVAL} if the socket is bound; {@code WSAENOBUFS}; {@code WSAENOTSOCK} if s is not a socket of
     *     this provider; {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a
     *     callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspbind">WSPBind</a>
     */
    void wspBind(SocketHandle s, SocketAddress name) throws WinsockException;

    /**
     * Cancels the blocking call of the calling thread in this provider: it is called from the thread's blocking hook.
     *
     * <p>The blocked call ends with {@code WSAEINTR} as soon as it can. An accept or a select leaves its sockets
     * unharmed; after any other call the socket is good for closing alone.
     *
     * @throws WinsockException {@code WSAEINVAL} if the thread has no blocking call in this provider; {@code
     *     WSAENETDOWN} if the network subsystem has failed
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspcancelblockingcall">WSPCancelBlockingCall</a>
     */
    void wspCancelBlockingCall() throws WinsockException;

    /**
     * Ends one use of the provider; the last one ends everything: blocking calls are cancelled, overlapped operations
     * fail without an indication, open sockets are reset.
     *
     * <p>Upcalls still work inside. The provider can be started again afterwards.
     *
     * @throws WinsockException {@code WSANOTINITIALISED} without a matching start-up; {@code WSAENETDOWN} if the
     *     network subsystem has failed
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspcleanup">WSPCleanup</a>
     */
    void wspCleanup() throws WinsockException;

    /**
     * Closes a socket. Blocks only where SO_LINGER asks for it.
     *
     * <p>Blocking calls of other threads on it end; pending overlapped operations fail with {@code
     * WSA_OPERATION_ABORTED} and are indicated. A non-IFS provider releases the handle by {@link
     * Upcalls#wpuCloseSocketHandle} when the last of them is, an IFS provider by {@link FileHandles#closeHandle}.
     *
     * @param s the socket
     * @throws WinsockException {@code WSAEWOULDBLOCK} if the socket is non-blocking and lingering would block: the
     *     socket then stays as it was; {@code WSAEINTR} if the call was cancelled; {@code WSAENOTSOCK} if s is not a
     *     socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS}
     *     during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspclosesocket">WSPCloseSocket</a>
     */
    void wspCloseSocket(SocketHandle s) throws WinsockException;

    /**
     * Connects a socket to a peer; on a connectionless one, sets its default peer. May block. An unbound socket is
     * bound.
     *
     * @param s the socket
     * @param name the address of the peer; on a connectionless socket the wildcard address with port 0 dissolves
     *     the association
     * @param lpCallerData what is sent along with the request; null for nothing
     * @param lpCalleeData room for what comes back; null for none
     * @param lpSQOS the quality of service wanted; null for none
     * @param lpGQOS reserved; null
     * @return 0, or {@link WspResult#WOULD_BLOCK} if the socket is non-blocking and the attempt goes on
     * @throws WinsockException {@code WSAEADDRINUSE}, {@code WSAEADDRNOTAVAIL}, {@code WSAEAFNOSUPPORT} for an
     *     address that cannot be used; {@code WSAEALREADY} if an attempt is under way; {@code WSAECONNREFUSED}, {@code
     *     WSAENETUNREACH}, {@code WSAEHOSTUNREACH}, {@code WSAETIMEDOUT} if it failed; {@code WSAEFAULT} for null;
     *     {@code WSAEINVAL} on a listening socket; {@code WSAEISCONN} if it is connected; {@code WSAENOBUFS}; {@code
     *     WSAEOPNOTSUPP} for a quality of service that cannot be met; {@code WSAEPROTONOSUPPORT} for caller data that
     *     the provider does not support; {@code WSAEACCES} for a broadcast address without SO_BROADCAST; {@code
     *     WSAEINTR} if the call was cancelled; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code
     *     WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspconnect">WSPConnect</a>
     */
    int wspConnect(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData, Qos lpSQOS,
            Qos lpGQOS) throws WinsockException;

    /**
     * Makes a protocol info from which {@link #wspSocket} creates one more descriptor of the same socket, once.
     *
     * @param s the socket
     * @param dwProcessId the process that will use it
     * @return the entry of the socket, with the provider's token in {@link WsaProtocolInfo#providerReserved()}
     * @throws WinsockException {@code WSAEINVAL} for a bad parameter; {@code WSAEMFILE}, {@code WSAENOBUFS};
     *     {@code WSAEOPNOTSUPP} if the provider cannot; {@code WSAENOTSOCK} if s is not a socket of this provider;
     *     {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspduplicatesocket">WSPDuplicateSocket</a>
     */
    WsaProtocolInfo wspDuplicateSocket(SocketHandle s, int dwProcessId) throws WinsockException;

    /**
     * Reports and clears what {@link #wspEventSelect} has recorded, and resets an event, in one step. Re-enables
     * nothing.
     *
     * @param s the socket
     * @param hEventObject the event to reset; null for none
     * @param lpNetworkEvents receives the events; error codes of others are left alone
     * @throws WinsockException {@code WSAEINVAL} for a bad parameter; {@code WSAEFAULT} for a null record; {@code
     *     WSA_INVALID_HANDLE} if the event is not open; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code
     *     WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another blocking
     *     call of a 1.1 client; nothing is changed then
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspenumnetworkevents">WSPEnumNetworkEvents</a>
     */
    void wspEnumNetworkEvents(SocketHandle s, WsaEvent hEventObject, WsaNetworkEvents lpNetworkEvents)
            throws WinsockException;

    /**
     * Selects the network events that are recorded and signal an event, and makes the socket non-blocking. Never
     * blocks.
     *
     * <p>Replaces any earlier selection of the socket, also one by message, and clears the record.
     *
     * @param s the socket
     * @param hEventObject the event; ignored where no events are selected
     * @param lNetworkEvents {@link NetworkEvent} bits; 0 ends the selection
     * @throws WinsockException {@code WSAEINVAL} for a bad parameter or a socket in the wrong state; {@code
     *     WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed;
     *     {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspeventselect">WSPEventSelect</a>
     */
    void wspEventSelect(SocketHandle s, WsaEvent hEventObject, int lNetworkEvents) throws WinsockException;

    /**
     * Returns the outcome of an overlapped operation; may be asked again and again.
     *
     * @param s the socket
     * @param lpOverlapped the block of the operation
     * @param fWait whether to wait for the event of the block if the operation is not over; only for operations with
     *     an event, which nobody else sets
     * @param lpResult receives the flags of the result; null if they are not wanted
     * @return the number of bytes transferred; {@link WspResult#IO_INCOMPLETE} if the operation is not over. Where
     *     somebody else has set the event that was waited for, an IFS provider returns the bytes so far instead
     * @throws WinsockException the error of the operation; {@code WSA_INVALID_HANDLE} if there is no event to wait
     *     for; {@code WSAEFAULT} for a null block; {@code WSAEINVAL}; {@code WSAENOTSOCK} if s is not a socket of this
     *     provider; {@code WSAENETDOWN} if the network subsystem has failed
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspgetoverlappedresult">WSPGetOverlappedResult</a>
     */
    long wspGetOverlappedResult(SocketHandle s, WsaOverlapped lpOverlapped, boolean fWait, ReceiveResult lpResult)
            throws WinsockException;

    /**
     * Returns the address of the connected peer. Never blocks.
     *
     * @param s the socket
     * @return the address
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAENOTSOCK} if s is not a socket of this provider;
     *     {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspgetpeername">WSPGetPeerName</a>
     */
    SocketAddress wspGetPeerName(SocketHandle s) throws WinsockException;

    /**
     * Returns the local address. Never blocks.
     *
     * @param s the socket
     * @return the address
     * @throws WinsockException {@code WSAEINVAL} if the socket is not bound; {@code WSAENOTSOCK} if s is not a
     *     socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS}
     *     during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspgetsockname">WSPGetSockName</a>
     */
    SocketAddress wspGetSockName(SocketHandle s) throws WinsockException;

    /**
     * Returns the value of a socket option. Never blocks.
     *
     * @param s the socket
     * @param level {@link SocketOption#SOL_SOCKET} or an {@link IpProtocol}
     * @param optname a name from {@link SocketOption}, which gives the type of the value
     * @return the value, never null
     * @throws WinsockException {@code WSAEINVAL} for an unknown level; {@code WSAENOPROTOOPT} for an unknown or
     *     unsupported name; {@code WSAEADDRNOTAVAIL} for an {@link SocketOption#IP_MULTICAST_IF} that was not set;
     *     {@code WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has
     *     failed; {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspgetsockopt">WSPGetSockOpt</a>
     */
    Object wspGetSockOpt(SocketHandle s, int level, int optname) throws WinsockException;

    /**
     * Looks up a template of quality of service, or lists the names of all.
     *
     * @param s the socket
     * @param lpQOSName the name of the template; empty to list
     * @param lpNames receives the names where the name is empty; otherwise ignored
     * @return the template; null where names were listed
     * @throws WinsockException {@code WSAEINVAL} for an unknown name; {@code WSAEFAULT} for null; {@code
     *     WSAEOPNOTSUPP}; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the
     *     network subsystem has failed
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspgetqosbyname">WSPGetQOSByName</a>
     */
    Qos wspGetQosByName(SocketHandle s, String lpQOSName, List<String> lpNames) throws WinsockException;

    /**
     * Controls the mode of a socket. May be overlapped; some codes may block.
     *
     * @param s the socket
     * @param dwIoControlCode a code from {@link IoctlCode}, which gives the types of input and output
     * @param lpvInBuffer the input; null for codes without one
     * @param lpvOutBuffer receives the output; null for codes without one
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return 0; {@link WspResult#IO_PENDING}; {@link WspResult#WOULD_BLOCK}
     * @throws WinsockException {@code WSAEFAULT} for an input or output that is missing or of the wrong type;
     *     {@code WSAEINVAL} for an input that cannot be, or a socket in the wrong state; {@code WSAEOPNOTSUPP} for a
     *     code that cannot be realised; {@code WSAENOPROTOOPT} for an optional one that is not supported; {@code
     *     WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed;
     *     {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspioctl">WSPIoctl</a>
     */
    long wspIoctl(SocketHandle s, int dwIoControlCode, Object lpvInBuffer, IoctlResult lpvOutBuffer,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException;

    /**
     * Joins a leaf to a multipoint session. May block; a non-blocking join is reported by {@link
     * NetworkEvent#FD_CONNECT}.
     *
     * @param s the socket
     * @param name the address of the group or the leaf
     * @param lpCallerData what is sent along with the request; null for nothing
     * @param lpCalleeData room for what comes back; null for none
     * @param lpSQOS the quality of service wanted; null for none
     * @param lpGQOS reserved; null
     * @param dwFlags a {@link JoinLeafFlag}
     * @return a new socket that stands for the leaf if s is a root; s itself if it is a leaf
     * @throws WinsockException as {@link #wspConnect}; {@code WSAEOPNOTSUPP} if the provider cannot; {@code
     *     WSAEINTR} if the call was cancelled; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code
     *     WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspjoinleaf">WSPJoinLeaf</a>
     */
    SocketHandle wspJoinLeaf(SocketHandle s, SocketAddress name, ByteBuffer lpCallerData, ByteBuffer lpCalleeData,
            Qos lpSQOS, Qos lpGQOS, int dwFlags) throws WinsockException;

    /**
     * Makes a bound socket listen, or changes the length of its queue. Never blocks.
     *
     * @param s the socket
     * @param backlog how many connections may wait to be accepted; what is out of range becomes the nearest
     *     sensible number
     * @throws WinsockException {@code WSAEADDRINUSE} if the address is found taken only now; {@code WSAEINVAL} if
     *     the socket is not bound; {@code WSAEISCONN} if it is connected; {@code WSAEMFILE}, {@code WSAENOBUFS};
     *     {@code WSAEOPNOTSUPP} on a connectionless socket; {@code WSAENOTSOCK} if s is not a socket of this provider;
     *     {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwsplisten">WSPListen</a>
     */
    void wspListen(SocketHandle s, int backlog) throws WinsockException;

    /**
     * Receives on a connected socket, or a bound connectionless one. May block; may be overlapped.
     *
     * <p>A result of 0 or more means that an overlapped operation is over and has been indicated; {@link
     * WspResult#IO_PENDING}, that it will be, once; anything else, that it never will.
     *
     * @param s the socket
     * @param buffer filled from its position to its limit, neither of which changes; belongs to an overlapped
     *     operation until its completion
     * @param lpResult the flags, in and out; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes received, 0 at the end of a stream; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAENETRESET}; {@code WSAEFAULT} for null or a
     *     read-only buffer; {@code WSAEOPNOTSUPP} for flags that cannot be used here; {@code WSAESHUTDOWN} if
     *     receiving was shut down; {@code WSAEMSGSIZE} for a message longer than the buffer; {@code WSAEINVAL} if the
     *     socket is not bound, or for a count of no buffers; {@code WSAECONNABORTED}, {@code WSAECONNRESET} if the
     *     connection is gone; {@code WSAEDISCON} if the peer closed a message-oriented connection; {@code
     *     WSAETIMEDOUT} at the time-out of the option; {@code WSAEINTR} if the call was cancelled; {@code WSAENOTSOCK}
     *     if s is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed; {@code
     *     WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwsprecv">WSPRecv</a>
     */
    long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException;

    /**
     * The same as the form with one buffer, for several that are used one after the other.
     *
     * @param s the socket
     * @param buffers an array of such buffers; the array is free again when the call returns
     * @param offset the first one
     * @param count how many, at least 1
     * @param lpResult the flags, in and out; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes received, 0 at the end of a stream; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException as the form with one buffer
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwsprecv">WSPRecv</a>
     */
    long wspRecv(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException;

    /**
     * Ends receiving, and fetches what the peer sent along with its disconnect. Never blocks; does not close.
     *
     * @param s the socket
     * @param lpInboundDisconnectData receives the data; null for none
     * @throws WinsockException {@code WSAENOPROTOOPT} if the provider has no such data; {@code WSAENOTCONN};
     *     {@code WSAEFAULT}; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the
     *     network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1
     *     client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwsprecvdisconnect">WSPRecvDisconnect</a>
     */
    void wspRecvDisconnect(SocketHandle s, ByteBuffer lpInboundDisconnectData) throws WinsockException;

    /**
     * Receives a datagram and its source address; on a connection-oriented socket the same as {@link #wspRecv}. May
     * block; may be overlapped.
     *
     * @param s the socket
     * @param buffer filled from its position to its limit, neither of which changes; belongs to an overlapped
     *     operation until its completion
     * @param lpResult the flags, in and out, and the source address; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes received, 0 at the end of a stream; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAENETRESET}; {@code WSAEFAULT} for null or a
     *     read-only buffer; {@code WSAEOPNOTSUPP} for flags that cannot be used here; {@code WSAESHUTDOWN} if
     *     receiving was shut down; {@code WSAEMSGSIZE} for a message longer than the buffer; {@code WSAEINVAL} if the
     *     socket is not bound, or for a count of no buffers; {@code WSAECONNABORTED}, {@code WSAECONNRESET} if the
     *     connection is gone; {@code WSAEDISCON} if the peer closed a message-oriented connection; {@code
     *     WSAETIMEDOUT} at the time-out of the option; {@code WSAEINTR} if the call was cancelled; {@code WSAENOTSOCK}
     *     if s is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed; {@code
     *     WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwsprecvfrom">WSPRecvFrom</a>
     */
    long wspRecvFrom(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException;

    /**
     * The same as the form with one buffer, for several that are used one after the other.
     *
     * @param s the socket
     * @param buffers an array of such buffers; the array is free again when the call returns
     * @param offset the first one
     * @param count how many, at least 1
     * @param lpResult the flags, in and out, and the source address; null for none
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes received, 0 at the end of a stream; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException as the form with one buffer
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwsprecvfrom">WSPRecvFrom</a>
     */
    long wspRecvFrom(SocketHandle s, ByteBuffer[] buffers, int offset, int count, ReceiveResult lpResult,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException;

    /**
     * Waits until one of several sockets is ready, and leaves the ready ones in the sets. May block. Re-enables
     * nothing.
     *
     * @param readfds sockets to receive or accept on; null for none
     * @param writefds sockets to send on, or to learn that they are connected; null for none
     * @param exceptfds sockets to learn that a connect failed, or that urgent data is there; null for none
     * @param timeout how long to wait; {@link Timeval#POLL} to look only, null to wait for ever
     * @return how many members the sets have then, 0 at the time-out
     * @throws WinsockException {@code WSAEINVAL} for a time-out out of range and where no set holds a socket;
     *     {@code WSAENOTSOCK} if a member is not a socket of this provider; {@code WSAEFAULT}; {@code WSAEINTR} if the
     *     call was cancelled; {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a
     *     callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspselect">WSPSelect</a>
     */
    int wspSelect(FdSet readfds, FdSet writefds, FdSet exceptfds, Timeval timeout) throws WinsockException;

    /**
     * Sends on a connected socket. May block; may be overlapped.
     *
     * <p>A result of 0 or more means that an overlapped operation is over and has been indicated; {@link
     * WspResult#IO_PENDING}, that it will be, once; anything else, that it never will.
     *
     * @param s the socket
     * @param buffer sent from its position to its limit, neither of which changes; belongs to an overlapped
     *     operation until its completion
     * @param dwFlags {@link MessageFlag} bits
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes sent: on a blocking socket all of them; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAENETRESET}; {@code WSAEACCES} for a broadcast
     *     address without SO_BROADCAST; {@code WSAEFAULT} for null; {@code WSAENOBUFS}; {@code WSAEOPNOTSUPP} for
     *     flags that cannot be used here; {@code WSAESHUTDOWN} if sending was shut down; {@code WSAEMSGSIZE} for a
     *     message longer than the transport allows; {@code WSAEINVAL}; {@code WSAECONNABORTED}, {@code WSAECONNRESET}
     *     if the connection is gone; {@code WSAETIMEDOUT} at the time-out of the option; {@code WSAEINTR} if the call
     *     was cancelled; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the network
     *     subsystem has failed; {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsend">WSPSend</a>
     */
    long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException;

    /**
     * The same as the form with one buffer, for several that are used one after the other.
     *
     * @param s the socket
     * @param buffers an array of such buffers; the array is free again when the call returns
     * @param offset the first one
     * @param count how many, at least 1
     * @param dwFlags {@link MessageFlag} bits
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes sent: on a blocking socket all of them; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException as the form with one buffer
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsend">WSPSend</a>
     */
    long wspSend(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException;

    /**
     * Ends sending, with data for the peer. Never blocks; does not close.
     *
     * @param s the socket
     * @param lpOutboundDisconnectData the data; null for none
     * @throws WinsockException {@code WSAENOPROTOOPT} for data that the provider does not support; {@code
     *     WSAENOTCONN}; {@code WSAEFAULT}; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code
     *     WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsenddisconnect">WSPSendDisconnect</a>
     */
    void wspSendDisconnect(SocketHandle s, ByteBuffer lpOutboundDisconnectData) throws WinsockException;

    /**
     * Sends a datagram to an address; on a connection-oriented socket the same as {@link #wspSend}. May block; may be
     * overlapped. An unbound socket is bound.
     *
     * @param s the socket
     * @param buffer sent from its position to its limit, neither of which changes; belongs to an overlapped
     *     operation until its completion
     * @param dwFlags {@link MessageFlag} bits
     * @param lpTo the destination; null for the default peer
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes sent: on a blocking socket all of them; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException {@code WSAENOTCONN}; {@code WSAENETRESET}; {@code WSAEACCES} for a broadcast
     *     address without SO_BROADCAST; {@code WSAEFAULT} for null; {@code WSAENOBUFS}; {@code WSAEOPNOTSUPP} for
     *     flags that cannot be used here; {@code WSAESHUTDOWN} if sending was shut down; {@code WSAEMSGSIZE} for a
     *     message longer than the transport allows; {@code WSAEINVAL}; {@code WSAECONNABORTED}, {@code WSAECONNRESET}
     *     if the connection is gone; {@code WSAETIMEDOUT} at the time-out of the option; {@code WSAEINTR} if the call
     *     was cancelled; {@code WSAENOTSOCK} if s is not a socket of this provider; {@code WSAENETDOWN} if the network
     *     subsystem has failed; {@code WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client;
     *     {@code WSAEADDRNOTAVAIL}, {@code WSAEAFNOSUPPORT} for a destination that cannot be used; {@code
     *     WSAEDESTADDRREQ} if one is missing; {@code WSAENETUNREACH}, {@code WSAEHOSTUNREACH} if there is no route
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsendto">WSPSendTo</a>
     */
    long wspSendTo(SocketHandle s, ByteBuffer buffer, int dwFlags, SocketAddress lpTo, WsaOverlapped lpOverlapped,
            WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException;

    /**
     * The same as the form with one buffer, for several that are used one after the other.
     *
     * @param s the socket
     * @param buffers an array of such buffers; the array is free again when the call returns
     * @param offset the first one
     * @param count how many, at least 1
     * @param dwFlags {@link MessageFlag} bits
     * @param lpTo the destination; null for the default peer
     * @param lpOverlapped the block of an overlapped operation; null for a synchronous one
     * @param lpCompletionRoutine the completion routine; null for none
     * @param lpThreadId the thread that the routine runs on, copied by the provider if it needs it longer; null
     *     without a routine
     * @return the number of bytes sent: on a blocking socket all of them; {@link WspResult#WOULD_BLOCK}; {@link
     *     WspResult#IO_PENDING}
     * @throws WinsockException as the form with one buffer
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsendto">WSPSendTo</a>
     */
    long wspSendTo(SocketHandle s, ByteBuffer[] buffers, int offset, int count, int dwFlags, SocketAddress lpTo,
            WsaOverlapped lpOverlapped, WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId)
            throws WinsockException;

    /**
     * Sets a socket option. Never blocks.
     *
     * @param s the socket
     * @param level {@link SocketOption#SOL_SOCKET} or an {@link IpProtocol}
     * @param optname a name from {@link SocketOption}, which gives the type of the value
     * @param optval the value; null for an option without one, {@link SocketOption#SO_UPDATE_CONNECT_CONTEXT}
     * @throws WinsockException {@code WSAEFAULT} for null where the option has a value, and for a value of the wrong
     *     type; {@code WSAEINVAL} for an unknown level or a value out of range; {@code WSAENOPROTOOPT} for an unknown,
     *     unsupported or read-only name; {@code WSAEADDRNOTAVAIL} for the end of a membership that the socket does not
     *     have; {@code WSAENETRESET}, {@code WSAENOTCONN} for SO_KEEPALIVE on a dead connection; {@code WSAENOTSOCK} if s
     *     is not a socket of this provider; {@code WSAENETDOWN} if the network subsystem has failed; {@code
     *     WSAEINPROGRESS} during a callback or another blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsetsockopt">WSPSetSockOpt</a>
     */
    void wspSetSockOpt(SocketHandle s, int level, int optname, Object optval) throws WinsockException;

    /**
     * Ends sending, receiving, or both. Never blocks; does not close.
     *
     * @param s the socket
     * @param how a {@link ShutdownHow}
     * @throws WinsockException {@code WSAEINVAL} for another value of how; {@code WSAENOTCONN} on a
     *     connection-oriented socket that is not connected; {@code WSAENOTSOCK} if s is not a socket of this provider;
     *     {@code WSAENETDOWN} if the network subsystem has failed; {@code WSAEINPROGRESS} during a callback or another
     *     blocking call of a 1.1 client
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspshutdown">WSPShutdown</a>
     */
    void wspShutdown(SocketHandle s, int how) throws WinsockException;

    /**
     * Creates a socket. Never blocks.
     *
     * <p>The first three parameters are the application's own, unmodified: the provider accepts 0 for family and type,
     * and {@link IpProtocol#FROM_PROTOCOL_INFO} for each. It obtains the handle by {@link Upcalls#wpuModifyIfsHandle}
     * or {@link Upcalls#wpuCreateSocketHandle} before it returns that very handle.
     *
     * @param af an {@link AddressFamily}
     * @param type a {@link SocketType}
     * @param protocol an {@link IpProtocol}
     * @param lpProtocolInfo the entry that the application gave or the host chose; may carry the token of a
     *     duplicated socket; never null
     * @param g reserved
     * @param dwFlags {@link SocketFlag} bits
     * @return the socket
     * @throws WinsockException {@code WSAEAFNOSUPPORT}, {@code WSAESOCKTNOSUPPORT}, {@code WSAEPROTONOSUPPORT},
     *     {@code WSAEPROTOTYPE} for what the provider does not offer; {@code WSAEINVAL} for a bad parameter; {@code
     *     WSAEMFILE}, {@code WSAENOBUFS}; {@code WSAENETDOWN} if the network subsystem has failed; {@code
     *     WSAEINPROGRESS}: the host tries the next entry that fits, unless the application gave the entry
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspsocket">WSPSocket</a>
     */
    SocketHandle wspSocket(int af, int type, int protocol, WsaProtocolInfo lpProtocolInfo, int g, int dwFlags)
            throws WinsockException;

    /**
     * Parses the numeric text of an address. Never blocks.
     *
     * @param addressString the text; parts that are missing are defaults, such as port 0
     * @param addressFamily the {@link AddressFamily} it is to be of
     * @param lpProtocolInfo the entry whose notation it is; never null
     * @return the address
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for a text that cannot be parsed, a
     *     family that is not the provider's, and an entry that is not
     * @see <a href="https://learn.microsoft.com/windows/win32/api/ws2spi/nc-ws2spi-lpwspstringtoaddress">WSPStringToAddress</a>
     */
    SocketAddress wspStringToAddress(String addressString, int addressFamily, WsaProtocolInfo lpProtocolInfo)
            throws WinsockException;
}
