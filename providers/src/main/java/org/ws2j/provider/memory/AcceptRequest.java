package org.ws2j.provider.memory;

import org.ws2j.provider.extension.AcceptOperation;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** An AcceptEx: the operation, and the socket whose handles the connection is to get. */
record AcceptRequest(Backlog backlog, AcceptOperation operation, StreamSocket target) {
    /** Puts a connection into the place of the socket, and tells the operation; no lock is held. */
    void take(StreamSocket end) {
        try {
            target.extension().giveWayTo(end);
        } catch (WinsockException e) {
            end.refuse();
            operation.failed(e);
            return;
        }
        backlog.receives(this, end);
        operation.accepted(end.local, end.peer);
        if (backlog.isClosed()) { // It may have been, before there was a receive that it could end.
            end.cancelReceive(operation.receiveBlock());
        }
    }

    /** The socket was closed; no lock is held. */
    void targetClosed() {
        if (backlog.withdraw(this)) {
            operation.failed(new WinsockException(WsaError.WSA_OPERATION_ABORTED, target + " was closed"));
        }
    }

    /** The listener was closed; no lock is held. */
    void listenerClosed() {
        operation.failed(new WinsockException(WsaError.WSA_OPERATION_ABORTED, "the listener was closed"));
    }
}
