package org.ws2j.layer;

import java.util.UUID;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaSelectData;
import org.ws2j.spi.WsaSendMsg;
import org.ws2j.spi.WsaSendMsgData;
import org.ws2j.spi.WsaThreadId;

/** One ioctl: answered by the layer, or sent down with the handles in it translated. */
record IoctlCall(
        LayeredProvider layer,
        LayeredSocket socket,
        int code,
        Object in,
        IoctlResult out,
        WsaOverlapped overlapped,
        WsaCompletionRoutine routine,
        WsaThreadId thread) {

    long run() throws WinsockException {
        return switch (code) {
            case IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER -> answer(extensionFunction());
            case IoctlCode.SIO_QUERY_TARGET_PNP_HANDLE -> answer(socket.lower());
            case IoctlCode.SIO_BSP_HANDLE, IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL ->
                layer.claims(socket, code) ? answer(socket.handle()) : goDown(in);
            case IoctlCode.SIO_EXT_SELECT -> select(input(WsaSelectData.class));
            case IoctlCode.SIO_EXT_POLL -> poll(input(WsaPollData.class));
            case IoctlCode.SIO_EXT_SENDMSG -> sendMsg(input(WsaSendMsgData.class));
            case IoctlCode.SIO_ASSOCIATE_HANDLE -> goDown(companion());
            default -> goDown(in);
        };
    }

    private <T> T input(Class<T> type) throws WinsockException {
        if (type.isInstance(in)) {
            return type.cast(in);
        }
        throw new WinsockException(WsaError.WSAEFAULT, in + " in place of " + type.getSimpleName());
    }

    private Object extensionFunction() throws WinsockException {
        return extensionFunction(input(UUID.class));
    }

    private Object extensionFunction(UUID id) throws WinsockException {
        Object function = layer.extensionFunction(socket, id);
        if (function == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "no extension function " + id);
        }
        return function;
    }

    /** A companion is mostly an object of another interface; if it is a socket of the layer, below it is the one below. */
    private Object companion() {
        if (in instanceof SocketHandle handle) {
            try {
                return layer.socket(handle).lower();
            } catch (WinsockException e) {
                return in;
            }
        }
        return in;
    }

    private long answer(Object value) throws WinsockException {
        if (out == null) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        if (isSynchronous()) {
            out.value(value);
            return 0;
        }
        return socket.acquire().answer(out, value).start(overlapped, routine, thread, false);
    }

    /** A socket that was not made for overlapped operations ignores a block. */
    private boolean isSynchronous() {
        return overlapped == null || !socket.isOverlapped();
    }

    private long goDown(Object inBelow) throws WinsockException {
        SocketHandle lowerSocket = socket.lower();
        if (isSynchronous()) {
            return layer.lowerTable().wspIoctl(lowerSocket, code, inBelow, out, overlapped, null, null);
        }
        return socket.acquire()
                .operation(block -> layer.lowerTable().wspIoctl(lowerSocket, code, inBelow, out, block, null, null))
                .start(overlapped, routine, thread, false);
    }

    // What comes back because the layer has claimed it

    private long select(WsaSelectData data) throws WinsockException {
        checkSynchronous();
        data.result(layer.wspSelect(data.readfds(), data.writefds(), data.exceptfds(), data.timeout()));
        return 0;
    }

    private long poll(WsaPollData data) throws WinsockException {
        checkSynchronous();
        layer.poll(socket, data);
        return 0;
    }

    private void checkSynchronous() throws WinsockException {
        if (overlapped != null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "waiting for sockets is synchronous");
        }
    }

    private long sendMsg(WsaSendMsgData data) throws WinsockException {
        WsaSendMsg function = (WsaSendMsg) extensionFunction(ExtensionFunction.WSAID_WSASENDMSG);
        long result = function.wsaSendMsg(socket.handle(), data.msg(), data.dwFlags(), overlapped, routine);
        if (result < 0) {
            return result;
        }
        data.result(result);
        return 0;
    }
}
