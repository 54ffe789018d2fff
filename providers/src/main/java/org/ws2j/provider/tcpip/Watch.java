package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** What the poller is to tell one socket of. */
final class Watch {
    private final Poller poller;
    private final TcpIpSocket socket;

    /** Guards the key; a leaf: nothing but the selector's own locks is taken under it. */
    private final Object keyLock = new Object();

    private SelectionKey key;

    /** Whether the poller may have a channel still that it was told to let go of. */
    private boolean isCancelled;

    Watch(Poller poller, TcpIpSocket socket) {
        this.poller = poller;
        this.socket = socket;
    }

    /** Asks to be told when an operation is possible, each time until it is not wanted any more. */
    void want(SelectableChannel channel, int operation) {
        synchronized (keyLock) {
            try {
                if (key == null || key.channel() != channel || !key.isValid()) {
                    key = poller.register(channel, operation, socket);
                } else if ((key.interestOpsOr(operation) & operation) == 0) {
                    poller.wake();
                }
            } catch (IOException | IllegalStateException e) { // Closed, or the last clean-up was faster.
                if (!socket.isClosed()) {
                    socket.network.services().report("watching " + socket, e);
                }
            }
        }
    }

    void ignore(int operation) {
        synchronized (keyLock) {
            if (key != null && key.isValid()) {
                key.interestOpsAnd(~operation);
            }
        }
    }

    /** Ends it. {@return whether the poller has to be flushed before the channel is really gone} */
    boolean cancel() {
        synchronized (keyLock) {
            if (key != null) {
                key.cancel();
                key = null;
                isCancelled = true;
            }
            return isCancelled;
        }
    }
}
