package org.ws2j.layer.trace;

import java.net.InetSocketAddress;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.layer.trace.pcapng.TcpConversation;
import org.ws2j.layer.trace.pcapng.UdpDatagrams;
import org.ws2j.spi.SocketHandle;

/** A socket with its conversation in the trace. */
final class TraceSocket extends LayeredSocket {
    /** The datagrams; null on a stream. */
    final UdpDatagrams datagrams;

    /** The conversation of a stream, once its addresses are known. Guarded by the socket itself. */
    TcpConversation conversation;

    /** Where a connect goes to. */
    volatile InetSocketAddress remote;

    /** Where the socket is, once it has a port. */
    volatile InetSocketAddress local;

    /** What to say in its place where a failed connect has left the socket without. */
    volatile InetSocketAddress fallback;

    /** Whether the connection is, or was, there. */
    volatile boolean isConnected;

    /** When a connect that is under way began; 0 for none. */
    volatile long connectingSince;

    /** Whether closing resets: SO_LINGER on with 0 seconds. */
    volatile boolean closesHard;

    /** Whether the client closes it: otherwise the clean-up does, which resets. */
    volatile boolean isClosing;

    /** Whether its end is in the trace. */
    volatile boolean isOver;

    /** The next connection of this socket is another conversation. */
    synchronized void forgetConnection() {
        conversation = null;
        remote = null;
        local = null;
        fallback = null;
        isConnected = false;
        connectingSince = 0;
        isOver = false;
    }

    TraceSocket(TraceLayer layer, SocketHandle lower, UdpDatagrams datagrams) {
        super(layer, lower);
        this.datagrams = datagrams;
    }
}
