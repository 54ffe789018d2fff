package org.ws2j.host;

import java.util.UUID;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.system.ProviderCalls;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaSendMsg;
import org.ws2j.spi.WsaSendMsgData;
import org.ws2j.spi.WsaThreadId;

/** WSASendMsg, and the extension functions of providers. */
final class SendMessage {
    private final HostProcess process;
    private final ServingProviders serving;

    SendMessage(HostProcess process, ServingProviders serving) {
        this.process = process;
        this.serving = serving;
    }

    long sendMsg(SocketHandle s, WsaMsg msg, int flags, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket h = process.open(s);
        process.checkNotInHook();
        return process.told(() -> {
            check(h, msg, routine);
            long most = Buffers.remaining(msg.buffers());
            long n = ProviderCalls.checked("WSASendMsg", send(h, msg, flags, ov, routine), most, ov != null);
            if (ov == null) {
                Buffers.advance(msg.buffers(), n);
            }
            return n;
        });
    }

    private static void check(HostSocket h, WsaMsg msg, WsaCompletionRoutine routine) throws WinsockException {
        if (msg == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the message is null");
        }
        Buffers.checked(msg.buffers());
        if (routine != null && h.association() != null) {
            throw new WinsockException(
                    WsaError.WSAEINVAL, "a completion routine on " + h + ", which has a completion port");
        }
    }

    private long send(HostSocket h, WsaMsg msg, int flags, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        HostSocket server = serving.handle(h, IoctlCode.SIO_BSP_HANDLE);
        WsaSendMsgData data = new WsaSendMsgData(msg, flags);
        if (ov == null || server == h || !h.allowsOverlapped()) {
            return sendTo(server, data, ov, routine);
        }
        // It is indicated on the handle that serves, and passed on to the client's.
        return sendTo(server, data, new PassedOnBlock(process, h, ov, routine), null);
    }

    private long sendTo(HostSocket server, WsaSendMsgData data, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        if (ServingProviders.isLayer(server.owner())) {
            try {
                return sendInLayer(server, data, ov, routine);
            } catch (WinsockException e) {
                // A layer that passes handles through seems to claim them, and does not know the ioctl.
                if (!e.is(WsaError.WSAEOPNOTSUPP)) {
                    throw e;
                }
            }
        }
        WsaSendMsg function = function(server, ExtensionFunction.WSAID_WSASENDMSG, WsaSendMsg.class);
        return serving.call("WSASendMsg", server.owner(),
                table -> function.wsaSendMsg(server, data.msg(), data.dwFlags(), ov, routine));
    }

    /** The layer has claimed WSASendMsg: it comes back to it as an ioctl. */
    private long sendInLayer(
            HostSocket server, WsaSendMsgData data, WsaOverlapped ov, WsaCompletionRoutine routine)
            throws WinsockException {
        WsaThreadId thread = routine == null ? null : process.threads().current().implicitId();
        long n = serving.call("WSPIoctl", server.owner(), table -> table.wspIoctl(
                server, IoctlCode.SIO_EXT_SENDMSG, data, new IoctlResult(), ov, routine, thread));
        return n == 0 ? data.result() : n;
    }

    <F> F extensionFunction(SocketHandle s, UUID id, Class<F> type) throws WinsockException {
        HostSocket h = process.open(s);
        process.checkNotInHook();
        return process.told(() -> function(h, id, type));
    }

    private <F> F function(HostSocket h, UUID id, Class<F> type) throws WinsockException {
        IoctlResult out = new IoctlResult();
        serving.call("WSPIoctl", h.owner(), table -> ServingProviders.done(table.wspIoctl(
                h, IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, id, out, null, null, null)));
        Object function = ProviderCalls.present("WSPIoctl", out.value());
        if (!type.isInstance(function)) {
            throw new WinsockException(WsaError.WSAEFAULT, id + " is a " + function.getClass() + ", not a " + type);
        }
        return type.cast(function);
    }
}
