package org.ws2j.agent.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.spi.WinsockException;

/** The options of one socket implementation: by the numbers of {@link SocketOptions}, and by the newer names. */
final class ImplOptions {
    /** It has a number, but is no option of sockets by name. */
    private static final String OUT_OF_BAND_INLINE = "SO_OOBINLINE";

    private static final Map<Integer, SocketOption<?>> BY_NUMBER = Map.of(
            SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
            SocketOptions.SO_LINGER, StandardSocketOptions.SO_LINGER,
            SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
            SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
            SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
            SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
            SocketOptions.SO_REUSEPORT, StandardSocketOptions.SO_REUSEPORT,
            SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS);

    private final AgentSocket socket;
    private final boolean server;

    /** What the program has asked a server for; the provider uses the option for its own ends. */
    private volatile boolean reuseAddress;

    private volatile boolean lingering;

    /** Null before somebody asks. */
    private volatile Set<SocketOption<?>> supported;

    /** Of reads and accepts, in milliseconds; 0 for none. */
    private volatile int timeoutMillis;

    ImplOptions(AgentSocket socket, boolean server) throws IOException {
        this.socket = socket;
        this.server = server;
        if (server) {
            set(StandardSocketOptions.SO_REUSEADDR, true); // As the JDK does where the option means what it says.
        }
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    /** {@return whether closing is to wait for what is unsent, or to drop it} */
    boolean isLingering() {
        return lingering;
    }

    // By name

    Set<SocketOption<?>> supported() throws IOException {
        Set<SocketOption<?>> known = supported;
        if (known == null) {
            known = Set.copyOf(supportedByTheSystem());
            supported = known;
        }
        return known;
    }

    private Set<SocketOption<?>> supportedByTheSystem() throws IOException {
        Set<SocketOption<?>> all = new HashSet<>(server ? socket.network().serverOptions() : socket.supportedOptions());
        all.removeIf(option -> OUT_OF_BAND_INLINE.equals(option.name()));
        all.add(StandardSocketOptions.IP_TOS);
        return all;
    }

    <T> void setSupported(SocketOption<T> option, T value) throws IOException {
        checkSupported(option);
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
        set(option, value);
    }

    <T> T getSupported(SocketOption<T> option) throws IOException {
        checkSupported(option);
        return get(option);
    }

    private void checkSupported(SocketOption<?> option) throws IOException {
        if (!supported().contains(option)) {
            throw new UnsupportedOperationException("'" + option + "' not supported");
        }
    }

    private <T> void set(SocketOption<T> option, T value) throws IOException {
        socket.setOption(option, value);
        if (option == StandardSocketOptions.SO_REUSEADDR) {
            reuseAddress = (Boolean) value;
        } else if (option == StandardSocketOptions.SO_LINGER) {
            lingering = (Integer) value >= 0;
        }
    }

    private <T> T get(SocketOption<T> option) throws IOException {
        if (server && option == StandardSocketOptions.SO_REUSEADDR) {
            return option.type().cast(reuseAddress);
        }
        return socket.getOption(option);
    }

    // By number

    Object get(int number) throws IOException {
        return switch (number) {
            case SocketOptions.SO_TIMEOUT -> timeoutMillis;
            case SocketOptions.SO_BINDADDR -> localAddress();
            case SocketOptions.SO_OOBINLINE -> getUrgentInline();
            default -> get(known(number));
        };
    }

    void set(int number, Object value) throws IOException {
        switch (number) {
            case SocketOptions.SO_TIMEOUT -> setTimeout(typed(Integer.class, number, value));
            case SocketOptions.SO_OOBINLINE -> setUrgentInline(typed(Boolean.class, number, value));
            case SocketOptions.SO_LINGER -> set(StandardSocketOptions.SO_LINGER,
                    value instanceof Boolean ? Integer.valueOf(-1) : typed(Integer.class, number, value));
            default -> setKnown(known(number), number, value);
        }
    }

    private static SocketOption<?> known(int number) throws SocketException {
        SocketOption<?> option = BY_NUMBER.get(number);
        if (option == null) {
            throw new SocketException("Unknown option " + number);
        }
        return option;
    }

    private <T> void setKnown(SocketOption<T> option, int number, Object value) throws IOException {
        set(option, typed(option.type(), number, value));
    }

    private static <T> T typed(Class<T> type, int number, Object value) throws SocketException {
        if (!type.isInstance(value)) {
            throw new SocketException("Bad value for option " + number);
        }
        return type.cast(value);
    }

    private InetAddress localAddress() throws IOException {
        try {
            InetSocketAddress local = (InetSocketAddress) socket.localAddress();
            return local == null ? new InetSocketAddress(0).getAddress() : local.getAddress();
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }

    /** The time of accepts is this class's alone: a connection does not get its listener's. */
    private void setTimeout(int millis) throws IOException {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        if (!server) {
            try {
                socket.receiveTimeout(millis);
            } catch (WinsockException e) {
                throw socket.failure(e);
            }
        }
        timeoutMillis = millis;
    }

    private void setUrgentInline(boolean on) throws IOException {
        try {
            socket.setOption(org.ws2j.spi.SocketOption.SOL_SOCKET, org.ws2j.spi.SocketOption.SO_OOBINLINE, on);
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }

    private Object getUrgentInline() throws IOException {
        try {
            return socket.getOption(org.ws2j.spi.SocketOption.SOL_SOCKET, org.ws2j.spi.SocketOption.SO_OOBINLINE);
        } catch (WinsockException e) {
            throw socket.failure(e);
        }
    }
}
