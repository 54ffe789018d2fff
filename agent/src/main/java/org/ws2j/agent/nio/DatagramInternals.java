package org.ws2j.agent.nio;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;

/**
 * What a DatagramSocket over a channel needs of {@code java.net} beyond its public API: how a socket is made that delegates to
 * nobody, the room of a packet apart from its length, and the placeholder for no interface in particular. {@code java.net} has to
 * be open to this package.
 */
final class DatagramInternals {
    private static final SocketAddress NO_DELEGATE;
    private static final VarHandle LENGTH;
    private static final VarHandle ROOM;
    private static final MethodHandle NEW_INTERFACE;

    static {
        try {
            Lookup packets = lookup(DatagramPacket.class);
            LENGTH = packets.findVarHandle(DatagramPacket.class, "length", int.class);
            ROOM = packets.findVarHandle(DatagramPacket.class, "bufLength", int.class);
            NO_DELEGATE = (SocketAddress) lookup(DatagramSocket.class)
                    .findStaticVarHandle(DatagramSocket.class, "NO_DELEGATE", SocketAddress.class).get();
            NEW_INTERFACE = lookup(NetworkInterface.class).findConstructor(NetworkInterface.class,
                    MethodType.methodType(void.class, String.class, int.class, InetAddress[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private DatagramInternals() {}

    private static Lookup lookup(Class<?> type) throws IllegalAccessException {
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    static SocketAddress noDelegate() {
        return NO_DELEGATE;
    }

    static int room(DatagramPacket packet) {
        return (int) ROOM.get(packet);
    }

    static void length(DatagramPacket packet, int length) {
        LENGTH.set(packet, length);
    }

    /** {@return an interface with index 0 that stands for none in particular} */
    static NetworkInterface placeholder(InetAddress address) {
        try {
            return (NetworkInterface) NEW_INTERFACE.invoke(address.getHostName(), 0, new InetAddress[] {address});
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the constructor of NetworkInterface throws nothing checked", e);
        }
    }
}
