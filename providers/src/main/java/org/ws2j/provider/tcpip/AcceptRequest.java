package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.ws2j.provider.extension.AcceptOperation;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** An AcceptEx: the operation, and the socket whose channel the connection's is to be. */
record AcceptRequest(AcceptRequests requests, AcceptOperation operation, TcpSocket target) {
    /** Puts a connection into the socket, and tells the operation; no lock is held. */
    void take(SocketChannel accepted) {
        try {
            target.extension().adopt(accepted);
        } catch (WinsockException e) {
            drop(accepted, e);
            operation.failed(e);
            return;
        }
        operation.accepted(target.localAddress(), target.peerAddress());
        if (requests.isClosed()) { // It may have been, before there was a receive that it could end.
            target.receiving().cancel(operation.receiveBlock());
        }
    }

    private static void drop(SocketChannel accepted, WinsockException why) {
        try {
            accepted.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** The socket was closed; no lock is held. */
    void targetClosed() {
        if (requests.withdraw(this)) {
            operation.failed(new WinsockException(WsaError.WSA_OPERATION_ABORTED, target + " was closed"));
        }
    }

    /** The listener was closed; no lock is held. */
    void listenerClosed() {
        operation.failed(new WinsockException(WsaError.WSA_OPERATION_ABORTED, "the listener was closed"));
    }
}
