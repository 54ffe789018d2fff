package org.ws2j.layer;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.ws2j.spi.AcceptEx;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.DisconnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.GetAcceptExSockaddrs;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransmitFile;
import org.ws2j.spi.TransmitPackets;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaRecvMsg;
import org.ws2j.spi.WsaSendMsg;

/**
 * A layer's own extension functions, each over that of the provider below: they take the layer's handles, and let it look at
 * the data.
 *
 * <p>A client calls them past the host. So what they fail with is also the thread's last error, and what is thrown without
 * being a Winsock error is reported here.
 */
final class ExtensionFunctions {

    @FunctionalInterface
    private interface Maker {
        Object make(LayeredSocket socket) throws WinsockException;
    }

    @FunctionalInterface
    private interface Call {
        long call() throws WinsockException;
    }

    private final LayeredProvider layer;
    private final Map<UUID, Maker> makers = new HashMap<>();

    ExtensionFunctions(LayeredProvider layer, Overrides overrides) {
        this.layer = layer;
        makers.put(ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS,
                s -> below(s, ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs.class));
        makers.put(ExtensionFunction.WSAID_TRANSMITFILE, this::transmitFile);
        makers.put(ExtensionFunction.WSAID_TRANSMITPACKETS, this::transmitPackets);
        offer(ExtensionFunction.WSAID_ACCEPTEX, this::acceptEx, overrides, "wspAccept", "wspRecv");
        offer(ExtensionFunction.WSAID_CONNECTEX, this::connectEx, overrides, "wspConnect", "wspSend");
        offer(ExtensionFunction.WSAID_DISCONNECTEX, this::disconnectEx, overrides, "wspShutdown", "wspSendDisconnect");
        offer(ExtensionFunction.WSAID_WSARECVMSG, this::wsaRecvMsg, overrides, "wspRecvFrom");
        offer(ExtensionFunction.WSAID_WSASENDMSG, this::wsaSendMsg, overrides, "wspSendTo");
    }

    /** A layer that has changed what a function does by other names would be passed by: it gets the function only if it asks. */
    private void offer(UUID function, Maker maker, Overrides overrides, String... byOtherNames) {
        if (!overrides.isPassedBy(byOtherNames)) {
            makers.put(function, maker);
        }
    }

    /** Makes the function for a socket; null if it is not known. */
    Object make(LayeredSocket socket, UUID function) throws WinsockException {
        Maker maker = makers.get(function);
        return maker == null ? null : maker.make(socket);
    }

    /** The function below, which belongs to the provider there: asked anew each time, so that the answer is that provider's. */
    private <T> T below(LayeredSocket socket, UUID function, Class<T> type) throws WinsockException {
        IoctlResult out = new IoctlResult();
        layer.lowerTable().wspIoctl(
                socket.lower(), IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER, function, out, null, null, null);
        if (type.isInstance(out.value())) {
            return type.cast(out.value());
        }
        throw new WinsockException(WsaError.WSASYSCALLFAILURE, "below, " + type.getSimpleName() + " is " + out.value());
    }

    private long guarded(Call call) throws WinsockException {
        try {
            return call.call();
        } catch (WinsockException e) {
            layer.system().wsaSetLastError(e.code());
            throw e;
        } catch (VirtualMachineError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            layer.report("extension function", e);
            layer.system().wsaSetLastError(WsaError.WSASYSCALLFAILURE.code());
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, "extension function", e);
        }
    }

    // Connections

    private AcceptEx acceptEx(LayeredSocket asked) throws WinsockException {
        AcceptEx below = below(asked, ExtensionFunction.WSAID_ACCEPTEX, AcceptEx.class);
        GetAcceptExSockaddrs addresses =
                below(asked, ExtensionFunction.WSAID_GETACCEPTEXSOCKADDRS, GetAcceptExSockaddrs.class);
        return (s, accepting, buffer, data, local, remote, overlapped) -> guarded(() -> {
            LayeredSocket listener = layer.socket(s);
            LayeredSocket target = layer.socket(accepting);
            checkBlock(overlapped);
            LayerRequest request = listener.acquire().into(target);
            AcceptOperation operation =
                    new AcceptOperation(request, below, addresses, new AcceptBuffer(buffer, data, local, remote));
            boolean isSeen = layer.seesReceives() && operation.takeData();
            return request.operation(operation).start(overlapped, null, null, isSeen);
        });
    }

    private ConnectEx connectEx(LayeredSocket asked) throws WinsockException {
        ConnectEx below = below(asked, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class);
        return (s, name, buffer, overlapped) -> guarded(() -> {
            LayeredSocket socket = layer.socket(s);
            checkBlock(overlapped);
            layer.connecting(socket, name);
            LayerRequest request = socket.acquire();
            boolean isSeen = buffer != null && layer.seesSends();
            if (isSeen) {
                request.transfer().buffer(Transfer.Kind.SEND, buffer, 0);
            }
            return request.operation(new ConnectOperation(request, below, name, buffer))
                    .start(overlapped, null, null, isSeen);
        });
    }

    private DisconnectEx disconnectEx(LayeredSocket asked) throws WinsockException {
        DisconnectEx below = below(asked, ExtensionFunction.WSAID_DISCONNECTEX, DisconnectEx.class);
        return (s, overlapped, flags) -> guarded(() -> {
            LayeredSocket socket = layer.socket(s);
            return run(socket, DisconnectOperation.ofDisconnect(
                    socket, flags, block -> below.disconnectEx(socket.lower(), block, flags)),
                    overlapped, null);
        });
    }

    /** These operations have no synchronous form. */
    private static void checkBlock(WsaOverlapped overlapped) throws WinsockException {
        if (overlapped == null) {
            throw new WinsockException(WsaError.WSA_INVALID_PARAMETER, "no overlapped block");
        }
    }

    /** Runs what the layer does not look at; on a socket that was not made for overlapped operations as the provider below does. */
    private static long run(
            LayeredSocket socket, Operation operation, WsaOverlapped overlapped, WsaCompletionRoutine routine)
            throws WinsockException {
        if (overlapped != null && socket.isOverlapped()) {
            return socket.acquire().operation(operation).start(overlapped, routine, null, false);
        }
        long result = operation.start(overlapped);
        return result < 0 ? result : operation.over(0, (int) result);
    }

    // Files: as they are where the layer does not look at what is sent, piece by piece through its own wspSend where it does

    private TransmitFile transmitFile(LayeredSocket asked) throws WinsockException {
        TransmitFile below = layer.looksAtStreams()
                ? null
                : below(asked, ExtensionFunction.WSAID_TRANSMITFILE, TransmitFile.class);
        return (s, file, bytes, perSend, overlapped, buffers, flags) -> guarded(() -> {
            LayeredSocket socket = layer.socket(s);
            if (below == null) {
                checkStream();
                Pieces pieces = Pieces.ofFile(file, bytes, perSend, overlapped, buffers);
                return transmit(socket, pieces, flags, overlapped);
            }
            int offset = overlapped == null ? 0 : overlapped.offset();
            int offsetHigh = overlapped == null ? 0 : overlapped.offsetHigh();
            return run(socket, DisconnectOperation.ofTransmission(socket, flags, block -> {
                if (block != null) {
                    block.offset(offset);
                    block.offsetHigh(offsetHigh);
                }
                return below.transmitFile(socket.lower(), file, bytes, perSend, block, buffers, flags);
            }), overlapped, null);
        });
    }

    private TransmitPackets transmitPackets(LayeredSocket asked) throws WinsockException {
        TransmitPackets below = layer.looksAtStreams()
                ? null
                : below(asked, ExtensionFunction.WSAID_TRANSMITPACKETS, TransmitPackets.class);
        return (s, elements, count, sendSize, overlapped, flags) -> guarded(() -> {
            LayeredSocket socket = layer.socket(s);
            if (below == null) {
                Pieces pieces = Pieces.ofElements(elements, count, sendSize, layer.info().isConnectionless());
                return transmit(socket, pieces, flags, overlapped);
            }
            return run(socket, DisconnectOperation.ofTransmission(socket, flags, block -> below.transmitPackets(
                    socket.lower(), elements, count, sendSize, block, flags)), overlapped, null);
        });
    }

    private void checkStream() throws WinsockException {
        if (layer.info().isConnectionless()) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "TransmitFile without a connection");
        }
    }

    private long transmit(LayeredSocket socket, Pieces pieces, int flags, WsaOverlapped overlapped)
            throws WinsockException {
        Transmission transmission = new Transmission(layer, socket, pieces, flags);
        return overlapped == null || !socket.isOverlapped()
                ? transmission.run()
                : socket.acquire().operation(transmission::start).start(overlapped, null, null, false);
    }

    // Messages

    private WsaRecvMsg wsaRecvMsg(LayeredSocket asked) throws WinsockException {
        WsaRecvMsg below = below(asked, ExtensionFunction.WSAID_WSARECVMSG, WsaRecvMsg.class);
        return (s, message, overlapped, routine) -> guarded(() -> {
            LayeredSocket socket = layer.socket(s);
            checkPort(s, overlapped, routine);
            if (!layer.seesReceives()) {
                Operation operation = block -> below.wsaRecvMsg(socket.lower(), message, block, null);
                return run(socket, operation, overlapped, routine);
            }
            ByteBuffer[] buffers = buffersOf(message);
            LayerRequest request = socket.acquire();
            Transfer transfer = request.transfer()
                    .buffers(Transfer.Kind.RECV_FROM, buffers, 0, buffers.length, message.flags(), true)
                    .into(null);
            request.operation(new MessageReceive(below, socket.lower(), message, transfer));
            return request.run(overlapped, routine, null, true);
        });
    }

    private WsaSendMsg wsaSendMsg(LayeredSocket asked) throws WinsockException {
        WsaSendMsg below = below(asked, ExtensionFunction.WSAID_WSASENDMSG, WsaSendMsg.class);
        return (s, message, flags, overlapped, routine) -> guarded(() -> {
            LayeredSocket socket = layer.socket(s);
            checkPort(s, overlapped, routine);
            if (!layer.seesSends()) {
                Operation operation = block -> below.wsaSendMsg(socket.lower(), message, flags, block, null);
                return run(socket, operation, overlapped, routine);
            }
            ByteBuffer[] buffers = buffersOf(message);
            LayerRequest request = socket.acquire();
            Transfer transfer = request.transfer()
                    .buffers(Transfer.Kind.SEND_TO, buffers, 0, buffers.length, flags, true)
                    .to(message.name());
            request.operation(new MessageSend(below, socket.lower(), message, transfer));
            return request.run(overlapped, routine, null, true);
        });
    }

    /** A completion routine and a completion port exclude each other, which the host cannot see to where it is not asked. */
    private void checkPort(SocketHandle s, WsaOverlapped overlapped, WsaCompletionRoutine routine)
            throws WinsockException {
        if (overlapped != null && routine != null && layer.services().ports().isAssociated(s)) {
            throw new WinsockException(
                    WsaError.WSAEINVAL, "a completion routine on " + s + ", which has a completion port");
        }
    }

    private static ByteBuffer[] buffersOf(WsaMsg message) throws WinsockException {
        if (message == null || message.buffers() == null) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        return message.buffers();
    }
}
