package org.ws2j.bridge;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;

/** The extension functions whose forms both sides know. Others do not pass the border: nobody knows their parameters. */
enum ExtensionKind {
    ACCEPT_EX(ExtensionFunction.WSAID_ACCEPTEX, AcceptEx.class, "acceptEx"),
    GET_ACCEPT_EX_SOCKADDRS(
            ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs.class, "getAcceptExSockaddrs"),
    CONNECT_EX(ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class, "connectEx"),
    DISCONNECT_EX(ExtensionFunction.WSAID_DISCONNECTEX, DisconnectEx.class, "disconnectEx"),
    TRANSMIT_FILE(ExtensionFunction.WSAID_TRANSMITFILE, TransmitFile.class, "transmitFile"),
    TRANSMIT_PACKETS(ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class, "transmitPackets"),
    WSA_RECV_MSG(ExtensionFunction.WSAID_WSARECVMSG, WsaRecvMsg.class, "recvMsg"),
    WSA_SEND_MSG(ExtensionFunction.WSAID_WSASENDMSG, WsaSendMsg.class, "sendMsg");

    private final UUID id;
    private final Class<?> type;
    private final String method;

    ExtensionKind(UUID id, Class<?> type, String method) {
        this.id = id;
        this.type = type;
        this.method = method;
    }

    /** {@return what an identifier means, if anybody knows it here} */
    static Optional<ExtensionKind> of(Object id) {
        return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findAny();
    }

    /** {@return the type of the function in Java} */
    Class<?> type() {
        return type;
    }

    /** {@return the name of the method that C calls for it} */
    String method() {
        return method;
    }

    /** {@return what the function gives back when it fails: FALSE, or SOCKET_ERROR where Winsock returns an int} */
    int failure() {
        return this == WSA_RECV_MSG || this == WSA_SEND_MSG ? -1 : 0;
    }

    /** {@return what it gives back when it succeeds} */
    int success() {
        return failure() + 1;
    }
}
