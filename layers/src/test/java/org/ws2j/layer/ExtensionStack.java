package org.ws2j.layer;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/** A layer over a base that has the extension functions that a test gives it. */
final class ExtensionStack {
    final Stack stack;
    final SocketHandle s;

    /** The base's functions by their identifiers. */
    final Map<UUID, Object> functions = new HashMap<>();

    ExtensionStack(LayerFactory factory) throws WinsockException {
        this(new Stack(factory));
    }

    ExtensionStack(Stack stack) throws WinsockException {
        this.stack = stack;
        s = stack.socket();
        stack.base.answer("wspIoctl", (f, a) -> {
            Object function = (int) a[1] == IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER ? functions.get(a[2]) : null;
            if (function == null) {
                throw new WinsockException(WsaError.WSAEINVAL);
            }
            ((IoctlResult) a[3]).value(function);
            return 0L;
        });
        stack.base.answer("wspCloseSocket", (f, a) -> null);
        stack.base.answer("wspSetSockOpt", (f, a) -> null);
    }

    Object ask(UUID function) throws WinsockException {
        IoctlResult out = new IoctlResult();
        stack.layer.wspIoctl(s, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, function, out, null, null, null);
        return out.value();
    }

    SocketHandle lower() {
        return Stack.lower(s);
    }

    void complete(WsaOverlapped below, int error, int bytes) throws WinsockException {
        stack.host.complete(lower(), below, error, bytes);
    }
}
