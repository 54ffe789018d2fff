package org.ws2j.layer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.TransmitFlag;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/**
 * TransmitFile or TransmitPackets through the layer's own functions, for a layer that looks at what is sent: it is its own
 * client, one piece after the other, the overlapped ones with this block. Files are read on the thread that completes the
 * piece before.
 */
final class Transmission extends HeapOverlapped implements CompletionSink {
    private static final int KNOWN_FLAGS = TransmitFlag.TF_DISCONNECT
            | TransmitFlag.TF_REUSE_SOCKET
            | TransmitFlag.TF_WRITE_BEHIND
            | TransmitFlag.TF_USE_SYSTEM_THREAD
            | TransmitFlag.TF_USE_KERNEL_APC;

    private final LayeredProvider layer;
    private final LayeredSocket socket;
    private final Pieces pieces;
    private final int flags;

    /** What is told of the end. */
    private WsaOverlapped whole;

    /** Set by the first of the two: the call that has started a piece returns, the piece is over. The second goes on. */
    private final AtomicBoolean isHalfOver = new AtomicBoolean();

    private ByteBuffer piece;
    private boolean isDisconnecting;
    private int total;

    /** How the piece, or the disconnect, has ended. */
    private int error;

    private int bytes;

    Transmission(LayeredProvider layer, LayeredSocket socket, Pieces pieces, int flags) throws WinsockException {
        boolean onlyReuses = (flags & (TransmitFlag.TF_REUSE_SOCKET | TransmitFlag.TF_DISCONNECT))
                == TransmitFlag.TF_REUSE_SOCKET;
        if ((flags & ~KNOWN_FLAGS) != 0 || onlyReuses) {
            throw new WinsockException(WsaError.WSAEINVAL, "flags " + Integer.toHexString(flags));
        }
        this.layer = layer;
        this.socket = socket;
        this.pieces = pieces;
        this.flags = flags;
    }

    @Override
    public CompletionSink sink() {
        return this;
    }

    /** Sends everything before it returns. */
    long run() throws WinsockException {
        for (piece = pieces.next(); piece != null; piece = pieces.next()) {
            do {
                advance(send());
            } while (piece.hasRemaining());
        }
        if (isToBeDisconnected()) {
            disconnect(null);
        }
        return total;
    }

    /** Also on a non-blocking socket everything is sent. */
    private int send() throws WinsockException {
        long result = layer.wspSend(socket.handle(), piece, 0, null, null, null);
        while (result < 0) {
            layer.wspSelect(null, FdSet.of(socket.handle()), null, null);
            result = layer.wspSend(socket.handle(), piece, 0, null, null, null);
        }
        return (int) result;
    }

    private void advance(int sent) {
        total += sent;
        piece.position(piece.position() + sent);
    }

    /** Starts to send; the sink of the block is told of the end. What fails before the first wait fails the call. */
    long start(WsaOverlapped block) throws WinsockException {
        whole = block;
        goOn();
        return WspResult.IO_PENDING;
    }

    /** Starts one piece after the other, until one is under way or all is over. */
    private void goOn() throws WinsockException {
        while (startNext()) {
            if (!isHalfOver.getAndSet(true)) {
                return;
            }
            takeOutcome();
        }
        finish(0);
    }

    /** Starts what comes next; false if nothing does. */
    private boolean startNext() throws WinsockException {
        isHalfOver.set(false);
        if (piece == null || !piece.hasRemaining()) {
            piece = pieces.next();
        }
        long result = WspResult.IO_PENDING;
        if (piece != null) {
            result = layer.wspSend(socket.handle(), piece, 0, this, null, null);
        } else if (isToBeDisconnected()) {
            isDisconnecting = true;
            result = disconnect(this);
        } else {
            return false;
        }
        if (result < 0 && result != WspResult.IO_PENDING) {
            throw new WinsockException((int) -result, "too many operations", null);
        }
        return true;
    }

    private boolean isToBeDisconnected() {
        return !isDisconnecting && (flags & TransmitFlag.TF_DISCONNECT) != 0;
    }

    private long disconnect(WsaOverlapped block) throws WinsockException {
        if ((flags & TransmitFlag.TF_REUSE_SOCKET) != 0) {
            Object function = layer.extensionFunction(socket, ExtensionFunction.WSAID_DISCONNECTEX);
            if (function instanceof DisconnectEx disconnectEx) {
                return disconnectEx.disconnectEx(socket.handle(), block, TransmitFlag.TF_REUSE_SOCKET);
            }
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "DisconnectEx");
        }
        layer.wspShutdown(socket.handle(), ShutdownHow.SD_SEND);
        if (block != null) {
            completed(block, 0, 0);
        }
        return 0;
    }

    private void takeOutcome() throws WinsockException {
        if (error != 0) {
            throw new WinsockException(error, "a piece of a transmission", null);
        }
        if (piece != null) {
            advance(bytes);
        }
    }

    @Override
    public void completed(WsaOverlapped overlapped, int completionError, int bytesTransferred) {
        error = completionError;
        bytes = bytesTransferred;
        if (!isHalfOver.getAndSet(true)) {
            return;
        }
        try {
            takeOutcome();
            goOn();
        } catch (WinsockException e) {
            // Closed meanwhile.
            finish(e.is(WsaError.WSAENOTSOCK) ? WsaError.WSA_OPERATION_ABORTED.code() : e.code());
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            layer.report("transmission on " + socket, e);
            finish(WsaError.WSASYSCALLFAILURE.code());
        }
    }

    private void finish(int code) {
        whole.sink().completed(whole, code, total);
    }
}
