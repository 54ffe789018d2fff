package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.ws2j.agent.behaviour.SocketPair.Sockets;

/** The options of every kind of socket. */
final class OptionsBehaviour {
    @FunctionalInterface
    private interface Reader {
        Object read(SocketOption<?> option) throws IOException;
    }

    /** An option that no socket has. */
    private static final SocketOption<String> UNKNOWN = new SocketOption<>() {
        @Override
        public String name() {
            return "UNKNOWN";
        }

        @Override
        public Class<String> type() {
            return String.class;
        }

        @Override
        public String toString() {
            return name();
        }
    };

    private final Report report;

    OptionsBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("Options");
        defaults();
        socket();
        socketByMethods();
        serverSocket();
        closed();
        channels();
    }

    private void defaults() throws IOException {
        try (Socket s = new Socket()) {
            all("Socket", s.supportedOptions(), s::getOption);
        }
        try (Sockets pair = Sockets.open()) {
            all("connected Socket", without(pair.client().supportedOptions()), pair.client()::getOption);
            all("accepted Socket", without(pair.server().supportedOptions()), pair.server()::getOption);
        }
        try (ServerSocket s = new ServerSocket()) {
            all("ServerSocket", s.supportedOptions(), s::getOption);
        }
        try (DatagramSocket s = new DatagramSocket(SocketPair.anyPort())) {
            all("DatagramSocket", s.supportedOptions(), s::getOption);
        }
        try (MulticastSocket s = new MulticastSocket(null)) {
            all("MulticastSocket", s.supportedOptions(), s::getOption);
        }
        for (NetworkChannel each : List.of(SocketChannel.open(), ServerSocketChannel.open(), DatagramChannel.open(),
                AsynchronousSocketChannel.open(), AsynchronousServerSocketChannel.open())) {
            try (each) {
                Class<?> kind = each.getClass();
                while (kind.getSuperclass() != Object.class && !kind.getName().startsWith("java.")) {
                    kind = kind.getSuperclass();
                }
                all(kind.getSimpleName(), each.supportedOptions(), each::getOption);
            }
        }
    }

    /** The system changes the sizes of a connection's buffers as it likes. */
    private static List<SocketOption<?>> without(Set<SocketOption<?>> options) {
        return options.stream()
                .filter(o -> o != StandardSocketOptions.SO_RCVBUF && o != StandardSocketOptions.SO_SNDBUF)
                .toList();
    }

    private void all(String what, Iterable<? extends SocketOption<?>> options, Reader reader) {
        List<SocketOption<?>> sorted = new java.util.ArrayList<>();
        options.forEach(sorted::add);
        sorted.sort(Comparator.comparing(SocketOption::name));
        report.line(what + " has", () -> sorted.stream().map(SocketOption::name).toList());
        for (SocketOption<?> each : sorted) {
            report.line(what + " " + each.name(),
                    () -> each == ExtendedSocketOptions.SO_INCOMING_NAPI_ID ? "some" : reader.read(each));
        }
    }

    private void socket() throws IOException {
        try (Socket s = new Socket()) {
            set(s, StandardSocketOptions.SO_KEEPALIVE, true);
            set(s, StandardSocketOptions.SO_REUSEADDR, true);
            set(s, StandardSocketOptions.SO_REUSEPORT, true);
            set(s, StandardSocketOptions.TCP_NODELAY, true);
            set(s, StandardSocketOptions.SO_LINGER, 7);
            set(s, StandardSocketOptions.SO_LINGER, 70_000);
            set(s, StandardSocketOptions.SO_LINGER, 0);
            set(s, StandardSocketOptions.SO_LINGER, -1);
            set(s, StandardSocketOptions.SO_SNDBUF, 20_000);
            set(s, StandardSocketOptions.SO_RCVBUF, 30_000);
            set(s, StandardSocketOptions.SO_RCVBUF, -1);
            set(s, StandardSocketOptions.IP_TOS, 0x10);
            set(s, StandardSocketOptions.IP_TOS, 300);
            set(s, ExtendedSocketOptions.TCP_KEEPIDLE, 30);
            set(s, ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
            set(s, ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
            set(s, ExtendedSocketOptions.TCP_KEEPIDLE, -1);
            set(s, ExtendedSocketOptions.TCP_QUICKACK, false);
            set(s, StandardSocketOptions.IP_MULTICAST_TTL, 3);
            set(s, StandardSocketOptions.SO_BROADCAST, true);
            set(s, StandardSocketOptions.SO_KEEPALIVE, null);
            set(s, UNKNOWN, "x");
            report.line("get of an unknown option", () -> s.getOption(UNKNOWN));
            report.line("get of null", () -> s.getOption(null));
        }
    }

    private <T> void set(Socket s, SocketOption<T> option, T value) {
        report.line("set " + option.name() + " to " + value,
                () -> s.setOption(option, value).getOption(option));
    }

    private void socketByMethods() throws IOException {
        try (Sockets pair = Sockets.open()) {
            Socket s = pair.client();
            s.setTcpNoDelay(true);
            s.setKeepAlive(true);
            s.setReuseAddress(true);
            s.setOOBInline(true);
            s.setSoLinger(true, 5);
            s.setTrafficClass(0x10);
            report.line("methods", () -> s.getTcpNoDelay() + " " + s.getKeepAlive() + " " + s.getReuseAddress() + " "
                    + s.getOOBInline() + " " + s.getSoLinger() + " " + s.getTrafficClass());
            s.setSoLinger(false, 5);
            report.line("no linger", s::getSoLinger);
            report.effect("linger negative", () -> s.setSoLinger(true, -2));
            report.effect("traffic class 256", () -> s.setTrafficClass(256));
            report.effect("receive buffer 0", () -> s.setReceiveBufferSize(0));
            report.effect("send buffer 0", () -> s.setSendBufferSize(0));
            report.effect("performance preferences", () -> s.setPerformancePreferences(1, 2, 3));
            report.line("buffers", () -> s.getReceiveBufferSize() > 0 && s.getSendBufferSize() > 0);
        }
    }

    private void serverSocket() throws IOException {
        try (ServerSocket s = new ServerSocket()) {
            s.setReceiveBufferSize(40_000);
            report.line("server's buffer", s::getReceiveBufferSize);
            report.line("server's reuse", s::getReuseAddress);
            s.setReuseAddress(false);
            report.line("server's reuse off", s::getReuseAddress);
            report.effect("server's buffer 0", () -> s.setReceiveBufferSize(0));
            report.line("server's odd option", () -> s.setOption(StandardSocketOptions.TCP_NODELAY, true));
            s.bind(SocketPair.anyPort());
            report.line("server's buffer bound", s::getReceiveBufferSize);
            report.line("server's reuse bound", s::getReuseAddress);
            s.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            report.line("server's reuse of ports", () -> s.getOption(StandardSocketOptions.SO_REUSEPORT));
            try (Socket client = new Socket(s.getInetAddress(), s.getLocalPort()); Socket accepted = s.accept()) {
                report.line("accepted has the buffer",
                        () -> client.isConnected() + " " + accepted.getReceiveBufferSize());
            }
        }
    }

    private void closed() throws IOException {
        Socket s = new Socket();
        s.close();
        report.line("closed noDelay", s::getTcpNoDelay);
        report.effect("closed set noDelay", () -> s.setTcpNoDelay(true));
        report.line("closed linger", s::getSoLinger);
        report.line("closed time-out", s::getSoTimeout);
        report.effect("closed set time-out", () -> s.setSoTimeout(5));
        report.line("closed option", () -> s.getOption(StandardSocketOptions.TCP_NODELAY));
        report.line("closed set option", () -> s.setOption(StandardSocketOptions.TCP_NODELAY, true));
        report.line("closed supported", () -> s.supportedOptions().size());
        report.effect("closed urgent in line", () -> s.setOOBInline(true));
        report.line("closed buffer", s::getSendBufferSize);
    }

    private void channels() throws IOException {
        for (NetworkChannel each : List.of(SocketChannel.open(), ServerSocketChannel.open(), DatagramChannel.open(),
                AsynchronousSocketChannel.open(), AsynchronousServerSocketChannel.open())) {
            report.line("channel buffer",
                    () -> each.setOption(StandardSocketOptions.SO_RCVBUF, 30_000)
                            .getOption(StandardSocketOptions.SO_RCVBUF));
            report.line("channel reuse",
                    () -> each.setOption(StandardSocketOptions.SO_REUSEADDR, true)
                            .getOption(StandardSocketOptions.SO_REUSEADDR));
            report.line("channel TTL", () -> each.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            report.line("channel unknown option", () -> each.getOption(UNKNOWN));
            report.line("channel null option", () -> each.getOption(null));
            report.line("channel buffer negative",
                    () -> each.setOption(StandardSocketOptions.SO_RCVBUF, -1) == each);
            report.line("channel buffer null", () -> each.setOption(StandardSocketOptions.SO_RCVBUF, null) == each);
            each.close();
            report.line("closed channel get", () -> each.getOption(StandardSocketOptions.SO_RCVBUF));
            report.line("closed channel set", () -> each.setOption(StandardSocketOptions.SO_RCVBUF, 5) == each);
            report.line("closed channel address", each::getLocalAddress);
        }
    }
}
