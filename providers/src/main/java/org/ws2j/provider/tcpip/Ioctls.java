package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.ws2j.provider.address.Addresses;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TcpKeepalive;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaPollData;

/** The ioctl codes that the provider knows. None of them takes any time but the poll, which is synchronous alone. */
final class Ioctls {
    private static final int MAX_HOPS = 255;
    private static final long MILLIS_PER_SECOND = 1_000;

    /** The most that the system takes for either time of keep-alive. */
    private static final long MAX_KEEPALIVE_SECONDS = 32_767;

    /** What an ioctl is about. */
    private record Call(TcpIpSocket socket, SocketHandle s, Object in, IoctlResult out) {
        <T> T in(Class<T> type) throws WinsockException {
            if (!type.isInstance(in)) {
                throw new WinsockException(WsaError.WSAEFAULT, "the input is no " + type.getSimpleName() + ": " + in);
            }
            return type.cast(in);
        }

        void answer(Object value) throws WinsockException {
            checkOut();
            out.value(value);
        }

        void checkOut() throws WinsockException {
            if (out == null) {
                throw new WinsockException(WsaError.WSAEFAULT, "no room for the answer");
            }
        }
    }

    @FunctionalInterface
    private interface Handler {
        void handle(Call call) throws IOException;
    }

    /** As on Windows, where the handle codes answer synchronous calls alone; a poll waits on the calling thread. */
    private static final Set<Integer> SYNCHRONOUS = Set.of(IoctlCode.SIO_BASE_HANDLE, IoctlCode.SIO_BSP_HANDLE,
            IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL, IoctlCode.SIO_EXT_POLL);

    private static final Map<Integer, Handler> TABLE = table();

    private Ioctls() {}

    private static Map<Integer, Handler> table() {
        Map<Integer, Handler> table = new HashMap<>();
        table.put(IoctlCode.FIONBIO, call -> call.socket().setNonBlocking(call.in(Boolean.class)));
        table.put(IoctlCode.FIONREAD, call -> call.answer(readable(call)));
        table.put(IoctlCode.SIO_EXT_POLL, Ioctls::poll);
        table.put(IoctlCode.SIO_KEEPALIVE_VALS, Ioctls::keepAlive);
        table.put(IoctlCode.SIO_GET_EXTENSION_FUNCTION_POINTER,
                call -> call.socket().network.extensions().answer(call.in(), call.out()));
        addHandles(table);
        addAddresses(table);
        addMulticast(table);
        for (int optional : new int[] {IoctlCode.SIO_ASSOCIATE_HANDLE, IoctlCode.SIO_ENABLE_CIRCULAR_QUEUEING,
                IoctlCode.SIO_FLUSH}) {
            table.put(optional, call -> {
                throw new WinsockException(WsaError.WSAENOPROTOOPT, "an optional ioctl");
            });
        }
        return Map.copyOf(table);
    }

    /** There is no layer here: the socket stands for itself. */
    private static void addHandles(Map<Integer, Handler> table) {
        for (int code : new int[] {IoctlCode.SIO_BASE_HANDLE, IoctlCode.SIO_BSP_HANDLE,
                IoctlCode.SIO_BSP_HANDLE_SELECT, IoctlCode.SIO_BSP_HANDLE_POLL}) {
            table.put(code, call -> call.answer(call.s()));
        }
    }

    private static void addAddresses(Map<Integer, Handler> table) {
        table.put(IoctlCode.SIO_ADDRESS_LIST_QUERY, call -> {
            call.checkOut();
            call.answer(List.<SocketAddress>copyOf(Routes.localAddresses(call.socket())));
        });
        table.put(IoctlCode.SIO_ADDRESS_LIST_SORT, Ioctls::sortAddresses);
        table.put(IoctlCode.SIO_ROUTING_INTERFACE_QUERY, call -> {
            call.checkOut();
            InetSocketAddress to =
                    Addresses.check(call.in(SocketAddress.class), call.socket().info, WsaError.WSAEINVAL);
            call.answer(new InetSocketAddress(Routes.localAddressTo(call.socket(), to.getAddress()), 0));
        });
        table.put(IoctlCode.SIO_GET_BROADCAST_ADDRESS, Ioctls::broadcastAddress);
    }

    private static void addMulticast(Map<Integer, Handler> table) {
        table.put(IoctlCode.SIO_MULTIPOINT_LOOPBACK,
                call -> set(call, StandardSocketOptions.IP_MULTICAST_LOOP, call.in(Boolean.class)));
        table.put(IoctlCode.SIO_MULTICAST_SCOPE, call -> {
            int hops = call.in(Integer.class);
            if (hops < 0 || hops > MAX_HOPS) {
                throw new WinsockException(WsaError.WSAEINVAL, "a scope of " + hops + " hops");
            }
            set(call, StandardSocketOptions.IP_MULTICAST_TTL, hops);
        });
    }

    /** {@return whether a code has an answer for overlapped calls; any other is begun, and fails later} */
    static boolean isKnownOverlapped(int code) {
        return TABLE.containsKey(code) && !SYNCHRONOUS.contains(code);
    }

    static WinsockException unknown(int code) {
        return new WinsockException(WsaError.WSAEOPNOTSUPP, "ioctl 0x" + Integer.toHexString(code));
    }

    static void handle(TcpIpSocket socket, SocketHandle s, int code, Object in, IoctlResult out)
            throws WinsockException {
        Handler handler = TABLE.get(code);
        if (handler == null) {
            throw unknown(code);
        }
        try {
            handler.handle(new Call(socket, s, in, out));
        } catch (IOException e) {
            throw JdkErrors.of("ioctl 0x" + Integer.toHexString(code) + " of " + socket, e);
        }
    }

    private static int readable(Call call) throws IOException {
        call.checkOut();
        return switch (call.socket()) {
            case TcpSocket tcp -> tcp.receiving().readable();
            case UdpSocket udp -> udp.receiving().readable();
        };
    }

    private static void poll(Call call) throws WinsockException {
        new PollCall(call.socket().network).poll(call.socket(), call.in(WsaPollData.class));
    }

    private static void sortAddresses(Call call) throws WinsockException {
        call.checkOut();
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (Object each : call.in(List.class)) {
            if (!(each instanceof SocketAddress address)) {
                throw new WinsockException(WsaError.WSAEFAULT, "no address: " + each);
            }
            addresses.add(Addresses.check(address, call.socket().info, WsaError.WSAEINVAL));
        }
        call.answer(List.<SocketAddress>copyOf(Routes.sorted(call.socket(), addresses)));
    }

    private static void broadcastAddress(Call call) throws WinsockException {
        checkDatagram(call);
        if (Addresses.family(call.socket().info) == StandardProtocolFamily.INET6) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, "IPv6 has no broadcast");
        }
        call.answer(new InetSocketAddress(Addresses.BROADCAST, 0));
    }

    private static void checkDatagram(Call call) throws WinsockException {
        if (!(call.socket() instanceof UdpSocket)) {
            throw new WinsockException(WsaError.WSAEINVAL, call.socket() + " has no datagrams");
        }
    }

    /** The system knows whole seconds: parts count as one. Turned off, the times do not matter. */
    private static void keepAlive(Call call) throws IOException {
        TcpKeepalive wanted = call.in(TcpKeepalive.class);
        if (!(call.socket() instanceof TcpSocket)) {
            throw new WinsockException(WsaError.WSAEINVAL, call.socket() + " has no connection to be kept alive");
        }
        if (wanted.onoff()) {
            set(call, ExtendedSocketOptions.TCP_KEEPIDLE, seconds(wanted.keepAliveTimeMillis()));
            set(call, ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds(wanted.keepAliveIntervalMillis()));
        }
        set(call, StandardSocketOptions.SO_KEEPALIVE, wanted.onoff());
    }

    private static int seconds(int millis) {
        long up = (Integer.toUnsignedLong(millis) + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
        return (int) Math.clamp(up, 1, MAX_KEEPALIVE_SECONDS);
    }

    private static <T> void set(Call call, SocketOption<T> option, T value) throws IOException {
        TcpIpSocket socket = call.socket();
        if (option == StandardSocketOptions.IP_MULTICAST_LOOP || option == StandardSocketOptions.IP_MULTICAST_TTL) {
            checkDatagram(call);
        }
        socket.lockBoth();
        try {
            socket.checkOpen();
            socket.ownOptions().set((NetworkChannel) socket.channel(), option, value);
        } finally {
            socket.unlockBoth();
        }
    }
}
