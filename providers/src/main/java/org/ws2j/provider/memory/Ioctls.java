package org.ws2j.provider.memory;

import java.util.Map;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** The ioctl codes that the provider knows. None of them takes any time. */
final class Ioctls {
    @FunctionalInterface
    private interface Handler {
        void handle(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException;
    }

    private static final Map<Integer, Handler> TABLE = Map.of(
            IoctlCode.FIONBIO, Ioctls::setNonBlocking,
            IoctlCode.FIONREAD, Ioctls::countReadable,
            IoctlCode.SIO_BASE_HANDLE, Ioctls::answerHandle,
            IoctlCode.SIO_BSP_HANDLE, Ioctls::answerHandle,
            IoctlCode.SIO_BSP_HANDLE_SELECT, Ioctls::answerHandle,
            IoctlCode.SIO_BSP_HANDLE_POLL, Ioctls::answerHandle,
            IoctlCode.SIO_ASSOCIATE_HANDLE, Ioctls::refuseOptional,
            IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING, Ioctls::refuseOptional,
            IoctlCode.SIO_FLUSH, Ioctls::refuseOptional);

    private Ioctls() {}

    /** Does it. An unsupported code fails at once, also where an overlapped operation was asked for. */
    static void handle(Descriptor descriptor, int code, Object in, IoctlResult out) throws WinsockException {
        Handler handler = TABLE.get(code);
        if (handler == null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "ioctl 0x" + Integer.toHexString(code));
        }
        handler.handle(descriptor, in, out);
    }

    private static void setNonBlocking(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        if (!(in instanceof Boolean on)) {
            throw new WinsockException(WsaError.WSAEFAULT, "FIONBIO takes a Boolean");
        }
        descriptor.socket.setNonBlocking(on);
    }

    private static void countReadable(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        if (out == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no room for the number");
        }
        synchronized (descriptor.socket.wire) {
            out.value(descriptor.socket.readable());
        }
    }

    /** There is no layer here: the socket stands for itself. */
    private static void answerHandle(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        if (out == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no room for the handle");
        }
        out.value(descriptor.handle());
    }

    private static void refuseOptional(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        throw new WinsockException(WsaError.WSAENOPROTOOPT, "an optional ioctl");
    }
}
