package org.ws2j.spi;

import java.util.UUID;

/**
 * The identifiers of the extension functions: what {@link IoctlCode#SIO_GET_EXTENSION_FUNCTION_POINTER} is asked for, and
 * beside each the type of the function that it answers.
 *
 * <p>An extension function belongs to the provider of the socket that it was asked of, and is for sockets of that provider
 * alone. A client calls it directly, past the host: so a failure is thrown, and is also the calling thread's last error by
 * {@link HostServices#wsaSetLastError}, which the provider sees to. There is no thread id among the parameters: a layer that
 * needs one for the provider below makes it by {@link Upcalls#wpuOpenCurrentThread}.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/winsock/winsock-ioctls">SIO_GET_EXTENSION_FUNCTION_POINTER</a>
 */
public final class ExtensionFunction {
    /** {@link AcceptEx}. */
    public static final UUID WSAID_ACCEPTEX = UUID.fromString("b5367df1-cbac-11cf-95ca-00805f48a192");

    /** {@link GetAcceptExSockaddrs}. */
    public static final UUID WSAID_GETACCEPTEXSOCKADDRS = UUID.fromString("b5367df2-cbac-11cf-95ca-00805f48a192");

    /** {@link ConnectEx}. */
    public static final UUID WSAID_CONNECTEX = UUID.fromString("25a207b9-ddf3-4660-8ee9-76e58c74063e");

    /** {@link DisconnectEx}. */
    public static final UUID WSAID_DISCONNECTEX = UUID.fromString("7fda2e11-8630-436f-a031-f536a6eec157");

    /** {@link TransmitFile}. */
    public static final UUID WSAID_TRANSMITFILE = UUID.fromString("b5367df0-cbac-11cf-95ca-00805f48a192");

    /** {@link TransmitPackets}. */
    public static final UUID WSAID_TRANSMITPACKETS = UUID.fromString("d9689da0-1f90-11d3-9971-00c04f68c876");

    /** {@link WsaRecvMsg}. */
    public static final UUID WSAID_WSARECVMSG = UUID.fromString("f689d7c8-6f1f-436b-8a53-e54fe351c322");

    /** {@link WsaSendMsg}. */
    public static final UUID WSAID_WSASENDMSG = UUID.fromString("a441e712-754f-43ca-84a7-0dee44cf606d");

    private ExtensionFunction() {}
}
