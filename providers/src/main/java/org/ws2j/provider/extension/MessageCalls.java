package org.ws2j.provider.extension;

import java.nio.ByteBuffer;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/**
 * WSARecvMsg and WSASendMsg, made of the provider's receive and send of datagrams. There is no control information.
 *
 * <p>A completion routine needs a thread id, which these functions are not given: they open one, and give it up when the routine
 * runs or the call fails.
 */
final class MessageCalls {
    private final Extensions extensions;

    MessageCalls(Extensions extensions) {
        this.extensions = extensions;
    }

    long receive(ExtensionSocket socket, WsaMsg message, WsaOverlapped block, WsaCompletionRoutine routine)
            throws WinsockException {
        check(socket, message);
        ReceivedMessage received = new ReceivedMessage(message);
        if (block == null || !socket.isOverlapped()) {
            return receiveNow(socket, message, received, block);
        }
        if (routine == null) {
            return receiveLater(socket, message, received, block);
        }
        checkPort(socket);
        WsaThreadId thread = extensions.base().upcalls().wpuOpenCurrentThread();
        boolean accepted = false;
        try {
            long n = receive(socket, message, received, block, (error, bytes, b, flags) -> {
                closeThread(thread);
                received.fill(error);
                routine.completed(error, bytes, b, received.flags());
            }, thread);
            accepted = true;
            return n;
        } finally {
            if (!accepted) {
                closeThread(thread);
            }
        }
    }

    private long receiveNow(ExtensionSocket socket, WsaMsg message, ReceivedMessage received, WsaOverlapped block)
            throws WinsockException {
        try {
            long n = receive(socket, message, received, block, null, null);
            if (n >= 0) {
                received.fill(0);
            }
            return n;
        } catch (WinsockException e) {
            received.fill(e.code());
            throw e;
        }
    }

    private long receiveLater(ExtensionSocket socket, WsaMsg message, ReceivedMessage received, WsaOverlapped block)
            throws WinsockException {
        ReceivedMessage.Operation operation = new ReceivedMessage.Operation(extensions, socket, received, block);
        operation.begin();
        try {
            receive(socket, message, received, operation.inner(), null, null);
        } catch (WinsockException e) {
            operation.fail(e);
        }
        return operation.started();
    }

    private long receive(ExtensionSocket socket, WsaMsg message, ReceivedMessage received, WsaOverlapped block,
            WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
        ByteBuffer[] buffers = message.buffers();
        return extensions.base().table().wspRecvFrom(socket.handle(), buffers, 0, buffers.length, received.result(),
                block, routine, thread);
    }

    long send(ExtensionSocket socket, WsaMsg message, int flags, WsaOverlapped block, WsaCompletionRoutine routine)
            throws WinsockException {
        check(socket, message);
        if (message.control() != null && message.control().hasRemaining()) {
            throw new WinsockException(WsaError.WSAEINVAL, "control information, of which none is known");
        }
        if (routine == null || block == null || !socket.isOverlapped()) {
            return send(socket, message, flags, block, null, null);
        }
        checkPort(socket);
        WsaThreadId thread = extensions.base().upcalls().wpuOpenCurrentThread();
        boolean accepted = false;
        try {
            long n = send(socket, message, flags, block, (error, bytes, b, resultFlags) -> {
                closeThread(thread);
                routine.completed(error, bytes, b, resultFlags);
            }, thread);
            accepted = n >= 0 || n == WspResult.IO_PENDING;
            return n;
        } finally {
            if (!accepted) {
                closeThread(thread);
            }
        }
    }

    private long send(ExtensionSocket socket, WsaMsg message, int flags, WsaOverlapped block,
            WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
        ByteBuffer[] buffers = message.buffers();
        return extensions.base().table().wspSendTo(socket.handle(), buffers, 0, buffers.length, flags, message.name(),
                block, routine, thread);
    }

    /** A completion routine and a completion port exclude each other, which the host cannot see to where it is not asked. */
    private void checkPort(ExtensionSocket socket) throws WinsockException {
        if (extensions.base().services().ports().isAssociated(socket.handle())) {
            throw new WinsockException(WsaError.WSAEINVAL,
                    "a completion routine on " + socket.handle() + ", which has a completion port");
        }
    }

    private static void check(ExtensionSocket socket, WsaMsg message) throws WinsockException {
        if (message == null || message.buffers() == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no message, or one without buffers");
        }
        if (!socket.info().isConnectionless()) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, socket.handle() + " has no messages");
        }
    }

    private void closeThread(WsaThreadId thread) {
        try {
            extensions.base().upcalls().wpuCloseThread(thread);
        } catch (WinsockException e) {
            extensions.base().services().report("closing the id of a thread", e);
        }
    }
}
