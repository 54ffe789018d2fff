package org.ws2j.provider.address;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** Addresses of the two families: checks, and their numeric texts. */
public final class Addresses {
    /** 255.255.255.255, everybody on the local network. */
    public static final InetAddress BROADCAST = Inet4Address.ofLiteral("255.255.255.255");

    private static final int GROUPS = 8;
    private static final int MAX_PORT = 65_535;

    private Addresses() {}

    /**
     * Returns the family of a catalog entry as the JDK names it.
     *
     * @param info an entry of IPv4 or IPv6
     * @return the family
     */
    public static ProtocolFamily family(WsaProtocolInfo info) {
        return info.addressFamily() == AddressFamily.AF_INET ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    /**
     * Returns an address as one of the family of a socket.
     *
     * @param address the address
     * @param info the catalog entry of the socket
     * @param ofOtherFamily how an address of another kind is answered
     * @return the address
     * @throws WinsockException {@code WSAEFAULT} for null; the given error for an address of another kind
     */
    public static InetSocketAddress check(SocketAddress address, WsaProtocolInfo info, WsaError ofOtherFamily)
            throws WinsockException {
        if (address == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no address");
        }
        if (address instanceof InetSocketAddress inet && !inet.isUnresolved()
                && familyOf(inet.getAddress()) == info.addressFamily()) {
            return inet;
        }
        throw new WinsockException(ofOtherFamily, address + " is no address of " + info.protocolName());
    }

    /**
     * Returns an address as one that a socket of IPv6 for both families can have to do with.
     *
     * @param address the address
     * @param info the catalog entry of the socket
     * @param ofOtherKind how an address of another kind is answered
     * @return the address, of IPv4 or IPv6
     * @throws WinsockException {@code WSAEFAULT} for null; the given error for an address of another kind
     */
    public static InetSocketAddress checkEither(SocketAddress address, WsaProtocolInfo info, WsaError ofOtherKind)
            throws WinsockException {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? inet
                : check(address, info, ofOtherKind);
    }

    private static int familyOf(InetAddress address) {
        return address instanceof Inet4Address ? AddressFamily.AF_INET : AddressFamily.AF_INET6;
    }

    /**
     * Returns the numeric text of an address; IPv6 with the longest run of zeros left out, and in brackets if a port follows.
     *
     * @param address the address
     * @param info the catalog entry whose family it has to be of
     * @return the text, with the port unless that is 0
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for an address of another kind
     */
    public static String toText(SocketAddress address, WsaProtocolInfo info) throws WinsockException {
        InetSocketAddress inet = check(address, info, WsaError.WSAEINVAL);
        int port = inet.getPort();
        if (inet.getAddress() instanceof Inet6Address six) {
            String text = text6(six);
            return port == 0 ? text : "[" + text + "]:" + port;
        }
        String text = inet.getAddress().getHostAddress();
        return port == 0 ? text : text + ":" + port;
    }

    private static String text6(Inet6Address address) {
        byte[] bytes = address.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xFF) << 8 | (bytes[2 * i + 1] & 0xFF);
        }
        int start = longestZeros(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += zerosAt(groups, i) - 1;
            } else {
                boolean separated = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(separated ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return address.getScopeId() == 0 ? text.toString() : text + "%" + address.getScopeId();
    }

    /** {@return where the first longest run of at least two zeros starts; -1 for none} */
    private static int longestZeros(int[] groups) {
        int start = -1;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosAt(groups, i);
            if (length > longest) {
                longest = length;
                start = i;
            }
        }
        return start;
    }

    private static int zerosAt(int[] groups, int from) {
        int end = from;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - from;
    }

    /**
     * Parses {@code 1.2.3.4}, {@code 1.2.3.4:80}, {@code fe80::1%3}, {@code [fe80::1%3]:80}.
     *
     * @param text the numeric text
     * @param family the number of the family that it is to be of
     * @param info the catalog entry, which has to be of that family
     * @return the address, with port 0 if the text has none
     * @throws WinsockException {@code WSAEFAULT} for null; {@code WSAEINVAL} for what is no such address
     */
    public static InetSocketAddress parse(String text, int family, WsaProtocolInfo info) throws WinsockException {
        if (text == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "no text");
        }
        if (family != info.addressFamily()) {
            throw new WinsockException(WsaError.WSAEINVAL, "family " + family + " in " + info.protocolName());
        }
        try {
            return family == AddressFamily.AF_INET ? parse4(text) : parse6(text);
        } catch (IllegalArgumentException e) {
            throw new WinsockException(WsaError.WSAEINVAL, "no address: " + text, e);
        }
    }

    private static InetSocketAddress parse4(String text) {
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        return new InetSocketAddress(Inet4Address.ofLiteral(host), colon < 0 ? 0 : port(text.substring(colon + 1)));
    }

    private static InetSocketAddress parse6(String text) {
        String host = text;
        int port = 0;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
                throw new IllegalArgumentException("a bracket without its other half");
            }
            host = text.substring(1, end);
            port = end + 1 == text.length() ? 0 : port(text.substring(end + 2));
        }
        InetAddress address = Inet6Address.ofLiteral(host);
        if (!(address instanceof Inet6Address)) {
            throw new IllegalArgumentException("an IPv4 address in IPv6 form, which Java makes an IPv4 address");
        }
        return new InetSocketAddress(address, port);
    }

    private static int port(String text) {
        boolean plain = text.chars().allMatch(c -> c >= '0' && c <= '9'); // No sign, and no digits of other scripts.
        int port = plain ? Integer.parseInt(text) : -1;
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + text);
        }
        return port;
    }
}
