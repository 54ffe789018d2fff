package org.ws2j.provider.extension;

import java.nio.ByteBuffer;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/**
 * A TransmitFile, TransmitPackets or DisconnectEx: sends in a row, each started when the former is over, then the end.
 *
 * <p>Its turns are made one after the other by its {@link TransmissionQueue}; so its fields need no lock.
 */
final class Transmission extends ClientOperation implements CompletionSink {
    private final Pieces pieces;
    private final Ending ending;
    private final InnerBlock part;
    private TransmissionQueue queue;

    /** Whether sends that others have queued are waited for before the end. */
    private boolean drains;

    private long sent;
    private WinsockException failure;
    private boolean over;

    Transmission(Extensions extensions, ExtensionSocket socket, Pieces pieces, Ending ending, WsaOverlapped block) {
        super(extensions, socket, block);
        this.pieces = pieces;
        this.ending = ending;
        this.drains = ending.disconnects;
        this.part = new InnerBlock(this);
    }

    /** Does it in the call. {@return the number of bytes sent} */
    static long perform(ExtensionSocket socket, Pieces pieces, Ending ending) throws WinsockException {
        try {
            long sum = 0;
            for (ByteBuffer piece = pieces.next(); piece != null; piece = pieces.next()) {
                sum += socket.sendAndWait(piece);
            }
            if (ending.disconnects) {
                drain(socket, null);
                socket.disconnect(ending.reuses);
            }
            return sum;
        } finally {
            pieces.close();
        }
    }

    /** A connection that is gone has nothing to be waited for. {@return whether a transfer was started} */
    private static boolean drain(ExtensionSocket socket, InnerBlock block) throws WinsockException {
        try {
            socket.drain(block);
            return true;
        } catch (WinsockException e) {
            if (!isGone(e)) {
                throw e;
            }
            return false;
        }
    }

    private static boolean isGone(WinsockException e) {
        return e.is(WsaError.WSAECONNRESET) || e.is(WsaError.WSAECONNABORTED);
    }

    void queue(TransmissionQueue where) {
        queue = where;
    }

    /** Makes one step. {@return whether it was the last one} */
    boolean turn() {
        try {
            if (failure != null) {
                throw failure;
            }
            step();
        } catch (WinsockException e) {
            end(e);
        }
        return over;
    }

    private void step() throws WinsockException {
        ByteBuffer piece = pieces.next();
        if (piece != null) {
            socket().send(piece, part);
            return;
        }
        if (drains) {
            drains = false;
            if (drain(socket(), part)) {
                return;
            }
        }
        if (ending.disconnects) {
            socket().disconnect(ending.reuses);
        }
        end(null);
    }

    private void end(WinsockException why) {
        over = true;
        pieces.close();
        failure = why;
    }

    /** Tells the client, when the next in the queue has its turn already. */
    void conclude() {
        extensions().forgetIfEmpty(queue);
        if (failure != null && sent == 0) {
            fail(failure);
        } else {
            finish(failure, sent);
        }
    }

    /** A part is over. */
    @Override
    public void completed(WsaOverlapped overlapped, int error, int bytesTransferred) {
        sent += bytesTransferred;
        failure = failure(error);
        if (failure != null && !drains && isGone(failure) && ending.disconnects) {
            failure = null; // It was the wait for sends that are lost now.
        }
        queue.go();
    }
}
