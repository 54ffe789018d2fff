package org.ws2j.provider.memory;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.TcpKeepalive;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;

/** The ioctl codes that the provider knows; {@link IoctlCall} makes the calls. None but a poll takes any time. */
final class Ioctls {
    private static final int MILLIS_PER_SECOND = 1_000;
    private static final int MAX_HOPS = 255;

    @FunctionalInterface
    private interface Handler {
        void handle(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException;
    }

    private static final Map<Integer, Handler> TABLE = table();

    private Ioctls() {}

    private static Map<Integer, Handler> table() {
        Map<Integer, Handler> table = new HashMap<>();
        table.put(IoctlCode.FIONBIO, (d, in, out) -> d.socket.setNonBlocking(value(in, Boolean.class)));
        table.put(IoctlCode.FIONREAD, Ioctls::countReadable);
        table.put(IoctlCode.SIO_BASE_HANDLE, Ioctls::answerHandle);
        table.put(IoctlCode.SIO_BSP_HANDLE, Ioctls::answerHandle);
        table.put(IoctlCode.SIO_BSP_HANDLE_SELECT, Ioctls::answerHandle);
        table.put(IoctlCode.SIO_BSP_HANDLE_POLL, Ioctls::answerHandle);
        table.put(IoctlCode.SIO_EXT_POLL,
                (d, in, out) -> new PollCall(d.socket.stack, value(in, WsaPollData.class)).poll(d.socket));
        table.put(IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER,
                (d, in, out) -> d.socket.stack.extensions().answer(in, out));
        table.put(IoctlCode.SIO_ASSOCIATE_HANDLE, Ioctls::refuseOptional);
        addStreams(table);
        addDatagrams(table);
        addAddresses(table);
        return Map.copyOf(table);
    }

    private static void addStreams(Map<Integer, Handler> table) {
        table.put(IoctlCode.SIOCATMARK, (d, in, out) -> room(out).value(stream(d).isAtMark()));
        table.put(IoctlCode.SIO_KEEPALIVE_VALS,
                (d, in, out) -> keepAlive(stream(d), value(in, TcpKeepalive.class)));
        table.put(IoctlCode.SIO_FLUSH, (d, in, out) -> d.socket.flush());
    }

    private static void addDatagrams(Map<Integer, Handler> table) {
        table.put(IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING, Ioctls::dropOldest);
        table.put(IoctlCode.SIO_UDP_CONNRESET,
                (d, in, out) -> datagram(d).reportUnreachable(value(in, Boolean.class)));
        table.put(IoctlCode.SIO_MULTIPOINT_LOOPBACK,
                (d, in, out) -> datagram(d).options.multicastLoop(value(in, Boolean.class)));
        table.put(IoctlCode.SIO_MULTICAST_SCOPE, (d, in, out) -> scope(datagram(d), value(in, Integer.class)));
        table.put(IoctlCode.SIO_GET_BROADCAST_ADDRESS, Ioctls::answerBroadcast);
    }

    private static void addAddresses(Map<Integer, Handler> table) {
        table.put(IoctlCode.SIO_ADDRESS_LIST_QUERY,
                (d, in, out) -> room(out).value(List.of(MemoryNetwork.loopback(d.socket.info))));
        table.put(IoctlCode.SIO_ADDRESS_LIST_SORT,
                (d, in, out) -> room(out).value(addresses(d.socket, value(in, List.class))));
        table.put(IoctlCode.SIO_ROUTING_INTERFACE_QUERY, (d, in, out) -> {
            address(d.socket, in);
            room(out).value(MemoryNetwork.loopback(d.socket.info));
        });
    }

    /** {@return whether there is anything behind a code, be it a refusal of its own} */
    static boolean isKnown(int code) {
        return TABLE.containsKey(code);
    }

    /** Does it. */
    static void handle(Descriptor descriptor, int code, Object in, IoctlResult out) throws WinsockException {
        Handler handler = TABLE.get(code);
        if (handler == null) {
            throw unsupported(code);
        }
        handler.handle(descriptor, in, out);
    }

    static WinsockException unsupported(int code) {
        return new WinsockException(WsaError.WSAEOPNOTSUPP, "ioctl 0x" + Integer.toHexString(code));
    }

    // Inputs and outputs

    private static <T> T value(Object in, Class<T> type) throws WinsockException {
        if (!type.isInstance(in)) {
            throw new WinsockException(WsaError.WSAEFAULT, "the input has to be of type " + type.getSimpleName());
        }
        return type.cast(in);
    }

    private static IoctlResult room(IoctlResult out) throws WinsockException {
        if (out == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no room for the answer");
        }
        return out;
    }

    private static StreamSocket stream(Descriptor descriptor) throws WinsockException {
        if (descriptor.socket instanceof StreamSocket stream) {
            return stream;
        }
        throw new WinsockException(WsaError.WSAEINVAL, "an ioctl of streams, on " + descriptor.socket);
    }

    private static DatagramSocket datagram(Descriptor descriptor) throws WinsockException {
        if (descriptor.socket instanceof DatagramSocket datagram) {
            return datagram;
        }
        throw new WinsockException(WsaError.WSAEINVAL, "an ioctl of datagrams, on " + descriptor.socket);
    }

    /** Checks a destination, which the IOCTL that arms a change of the route gets too. */
    static SocketAddress address(MemorySocket socket, Object in) throws WinsockException {
        return Addresses.check(value(in, SocketAddress.class), socket.info, WsaError.WSAEINVAL);
    }

    /** All addresses are equally near: their order is right already. */
    private static List<SocketAddress> addresses(MemorySocket socket, List<?> in) throws WinsockException {
        List<SocketAddress> checked = new ArrayList<>();
        for (Object each : in) {
            checked.add(address(socket, each));
        }
        return List.copyOf(checked);
    }

    // What they do

    private static void countReadable(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        synchronized (descriptor.socket.wire) {
            room(out).value(descriptor.socket.readable());
        }
    }

    /** There is no layer here: the socket stands for itself. */
    private static void answerHandle(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        room(out).value(descriptor.handle());
    }

    private static void refuseOptional(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        throw new WinsockException(WsaError.WSAENOPROTOOPT, "an optional ioctl");
    }

    private static void dropOldest(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        if (!(descriptor.socket instanceof DatagramSocket datagram)) {
            throw new WinsockException(WsaError.WSAENOPROTOOPT, "no byte of a stream can be dropped");
        }
        datagram.dropOldest();
    }

    private static void answerBroadcast(Descriptor descriptor, Object in, IoctlResult out) throws WinsockException {
        if (datagram(descriptor).info.addressFamily() != AddressFamily.AF_INET) {
            throw new WinsockException(WsaError.WSAEINVAL, "IPv6 has no broadcast");
        }
        room(out).value(MemoryNetwork.broadcast());
    }

    private static void scope(MemorySocket socket, int hops) throws WinsockException {
        if (hops < 0 || hops > MAX_HOPS) {
            throw new WinsockException(WsaError.WSAEINVAL, hops + " hops");
        }
        int level = socket.info.addressFamily() == AddressFamily.AF_INET
                ? IpProtocol.IPPROTO_IP
                : IpProtocol.IPPROTO_IPV6;
        SocketOptions.set(socket, level, SocketOption.IP_MULTICAST_TTL, hops);
    }

    /** As the options of the same names, which are kept and do nothing. */
    private static void keepAlive(StreamSocket socket, TcpKeepalive values) throws WinsockException {
        SocketOptions.set(socket, SocketOption.SOL_SOCKET, SocketOption.SO_KEEPALIVE, values.onoff());
        if (values.onoff()) {
            SocketOptions.set(socket, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPIDLE,
                    seconds(values.keepAliveTimeMillis()));
            SocketOptions.set(socket, IpProtocol.IPPROTO_TCP, SocketOption.TCP_KEEPINTVL,
                    seconds(values.keepAliveIntervalMillis()));
        }
    }

    private static int seconds(int millis) {
        return Integer.divideUnsigned(millis, MILLIS_PER_SECOND);
    }
}
