package org.ws2j.agent.behaviour;

import static org.ws2j.agent.behaviour.SocketPair.LOOPBACK;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.ws2j.agent.behaviour.SocketPair.Channels;

/** java.nio.channels.SocketChannel and ServerSocketChannel, and their socket adaptors. */
@SuppressWarnings({"AddressSelection", "DefaultCharset", "IdentityBinaryExpression", "try"}) // it does what programs do
final class ChannelBehaviour {
    private static final class OddAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }

    private final Report report;

    ChannelBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("SocketChannel");
        unconnected();
        connected();
        closed();
        connecting();
        halfClose();
        resets();
        adaptor();
        streams();
        files();
        report.topic("ServerSocketChannel");
        server();
        serverAdaptor();
        report.topic("Other channels");
        others();
    }

    private static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes());
    }

    private static String flags(SocketChannel c) {
        return "open " + c.isOpen() + " connected " + c.isConnected() + " pending " + c.isConnectionPending()
                + " blocking " + c.isBlocking();
    }

    private void unconnected() throws IOException {
        try (SocketChannel c = SocketChannel.open()) {
            report.line("unconnected", () -> c);
            report.line("unconnected flags", () -> flags(c));
            report.line("unconnected addresses", () -> c.getLocalAddress() + " " + c.getRemoteAddress());
            report.line("unconnected read", () -> c.read(ByteBuffer.allocate(1)));
            report.line("unconnected write", () -> c.write(text("a")));
            report.line("unconnected shutdownInput", c::shutdownInput);
            report.line("unconnected shutdownOutput", c::shutdownOutput);
            report.line("finishConnect", c::finishConnect);
            report.line("valid operations", c::validOps);
            report.line("connect to null", () -> c.connect(null));
            report.line("connect to an odd address", () -> c.connect(new OddAddress()));
            report.line("connect to an unresolved address",
                    () -> c.connect(InetSocketAddress.createUnresolved("a.invalid", 1)));
            report.line("bind to an odd address", () -> c.bind(new OddAddress()));
            report.line("bind", () -> c.bind(SocketPair.anyPort()) == c);
            report.line("bound", () -> c);
            report.line("bind again", () -> c.bind(SocketPair.anyPort()) == c);
        }
        report.line("bind to somebody else", () -> {
            try (SocketChannel c = SocketChannel.open()) {
                return c.bind(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0));
            }
        });
        report.line("IPv4 alone", () -> {
            try (SocketChannel c = SocketChannel.open(StandardProtocolFamily.INET)) {
                return c.bind(null).getLocalAddress();
            }
        });
        report.line("IPv4 alone to IPv6", () -> {
            try (SocketChannel c = SocketChannel.open(StandardProtocolFamily.INET)) {
                return c.connect(new InetSocketAddress(InetAddress.getByName("::1"), 1));
            }
        });
        report.line("IPv6, bound to nothing", () -> {
            try (SocketChannel c = SocketChannel.open()) {
                return c.bind(null).getLocalAddress();
            }
        });
    }

    private void connected() throws IOException {
        try (Channels pair = Channels.open()) {
            SocketChannel c = pair.client();
            report.line("connected", () -> c);
            report.line("accepted", pair::server);
            report.line("connected flags", () -> flags(c));
            report.line("addresses match", () -> c.getLocalAddress().equals(pair.server().getRemoteAddress())
                    && c.getRemoteAddress().equals(pair.server().getLocalAddress()));
            report.line("connect again", () -> c.connect(SocketPair.deadPort()));
            report.line("bind again", () -> c.bind(null) == c);
            report.line("finishConnect when connected", c::finishConnect);
            report.line("write", () -> c.write(text("hello")));
            report.line("read", () -> pair.server().read(ByteBuffer.allocate(10)));
            report.line("gather", () -> c.write(new ByteBuffer[] {text("ab"), text(""), text("cde")}));
            ByteBuffer[] parts = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(9)};
            report.line("scatter", () -> pair.server().read(parts) + " " + Arrays.toString(parts));
            report.line("a part of an array", () -> c.write(new ByteBuffer[] {text("1"), text("22"), text("3")}, 1, 1));
            report.line("gather nothing", () -> c.write(new ByteBuffer[0]));
            report.line("gather null", () -> Report.outcome(() -> c.write(new ByteBuffer[] {text("ab"), null}))
                    .startsWith("java.lang.NullPointerException"));
            report.line("bad bounds", () -> c.write(new ByteBuffer[2], 1, 2));
            report.line("read only", () -> pair.server().read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
            report.line("null buffer", () -> c.read((ByteBuffer) null));
            report.line("no room", () -> pair.server().read(ByteBuffer.allocate(0)));
            pair.server().configureBlocking(false);
            report.line("non-blocking read", () -> pair.server().read(ByteBuffer.allocate(10)));
            report.line("nothing there", () -> pair.server().read(ByteBuffer.allocate(10)));
            report.line("write of nothing", () -> c.write(ByteBuffer.allocate(0)));
            report.line("fill", () -> {
                c.configureBlocking(false);
                ByteBuffer much = ByteBuffer.allocateDirect(1 << 20);
                int n;
                do {
                    n = c.write(much.clear());
                } while (n > 0);
                return n;
            });
        }
    }

    private void closed() throws IOException {
        Channels pair = Channels.open();
        SocketChannel c = pair.client();
        c.close();
        report.line("closed", () -> c);
        report.line("closed flags", () -> flags(c));
        report.line("closed read", () -> c.read(ByteBuffer.allocate(1)));
        report.line("closed write", () -> c.write(text("a")));
        report.line("closed addresses", c::getRemoteAddress);
        report.line("closed connect", () -> c.connect(SocketPair.deadPort()));
        report.line("closed finishConnect", c::finishConnect);
        report.line("closed shutdown", c::shutdownOutput);
        report.line("closed bind", () -> c.bind(null));
        report.line("closed blocking", () -> c.configureBlocking(false));
        report.effect("close again", c::close);
        report.line("peer reads the end", () -> pair.server().read(ByteBuffer.allocate(1)));
        pair.close();
        SocketChannel unused = SocketChannel.open();
        unused.close();
        closedBeforeItIsConnected("", unused);
        SocketChannel refused = SocketChannel.open();
        report.line("refused", () -> refused.connect(SocketPair.deadPort()));
        closedBeforeItIsConnected(", refused", refused);
    }

    private void closedBeforeItIsConnected(String how, SocketChannel c) {
        report.line("never connected read" + how, () -> c.read(ByteBuffer.allocate(1)));
        report.line("never connected scatter" + how, () -> c.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
        report.line("never connected write" + how, () -> c.write(text("a")));
        report.line("never connected gather" + how, () -> c.write(new ByteBuffer[] {text("a")}));
    }

    private void connecting() throws Exception {
        report.line("refused", () -> SocketChannel.open(SocketPair.deadPort()));
        try (SocketChannel c = SocketChannel.open()) {
            report.line("refused once", () -> c.connect(SocketPair.deadPort()));
            report.line("open after it", () -> flags(c));
            report.line("connect after it", () -> c.connect(SocketPair.deadPort()));
        }
        try (BlackHole hole = new BlackHole(); SocketChannel c = SocketChannel.open()) {
            c.configureBlocking(false);
            report.line("pending", () -> c.connect(hole.address()));
            report.line("pending flags", () -> flags(c));
            report.line("pending text", () -> c);
            report.line("pending connect", () -> c.connect(hole.address()));
            report.line("pending finish", c::finishConnect);
            report.line("pending read", () -> c.read(ByteBuffer.allocate(1)));
            report.line("pending bind", () -> c.bind(null));
        }
        report.line("non-blocking refused", () -> {
            try (SocketChannel c = SocketChannel.open(); Selector selector = Selector.open()) {
                c.configureBlocking(false);
                if (!c.connect(SocketPair.deadPort())) {
                    c.register(selector, SelectionKey.OP_CONNECT);
                    selector.select(20_000);
                    return c.finishConnect();
                }
                return "connected";
            }
        });
        report.line("non-blocking connected", () -> {
            try (ServerSocketChannel s = ServerSocketChannel.open().bind(SocketPair.anyPort());
                    SocketChannel c = SocketChannel.open(); Selector selector = Selector.open()) {
                c.configureBlocking(false);
                if (!c.connect(s.getLocalAddress())) {
                    c.register(selector, SelectionKey.OP_CONNECT);
                    selector.select(20_000);
                    return c.finishConnect();
                }
                return true;
            }
        });
    }

    private void halfClose() throws IOException {
        try (Channels pair = Channels.open()) {
            SocketChannel c = pair.client();
            report.line("shutdownOutput", () -> c.shutdownOutput() == c);
            report.line("write after it", () -> c.write(text("a")));
            report.line("again", () -> c.shutdownOutput() == c);
            report.line("peer reads the end", () -> pair.server().read(ByteBuffer.allocate(1)));
            report.line("peer writes", () -> pair.server().write(text("abc")));
            report.line("which is read", () -> c.read(ByteBuffer.allocate(2)));
            report.line("shutdownInput", () -> c.shutdownInput() == c);
            report.line("read after it", () -> c.read(ByteBuffer.allocate(2)));
            report.line("input again", () -> c.shutdownInput() == c);
            report.line("text of it", () -> c);
            report.line("open", c::isOpen);
        }
        try (Channels pair = Channels.open()) {
            Background reader = Background.platform(() -> pair.client().read(ByteBuffer.allocate(1))).awaitBlocked();
            pair.client().shutdownInput();
            report.print("shutdownInput ends a read", Report.outcome(reader::outcome));
        }
    }

    private void resets() throws IOException {
        try (Channels pair = Channels.open()) {
            pair.reset();
            report.line("read of a reset connection", () -> pair.client().read(ByteBuffer.allocate(1)));
            report.line("read again", () -> pair.client().read(ByteBuffer.allocate(1)));
            report.line("write then", () -> pair.client().write(text("a")));
            report.line("open then", () -> flags(pair.client()));
        }
        try (Channels pair = Channels.open()) {
            pair.reset();
            report.line("write to a reset connection", () -> pair.client().write(text("a")));
            report.line("write again", () -> pair.client().write(text("a")));
        }
    }

    private void adaptor() throws Exception {
        try (SocketChannel c = SocketChannel.open()) {
            report.line("unconnected adaptor", c::socket);
            report.line("same adaptor", () -> c.socket() == c.socket());
            report.line("adaptor's channel", () -> c.socket().getChannel() == c);
            report.line("adaptor's input", () -> c.socket().getInputStream());
        }
        try (Channels pair = Channels.open()) {
            SocketChannel c = pair.client();
            Socket s = c.socket();
            report.line("adaptor", () -> s);
            report.line("adaptor's addresses", () -> s.getInetAddress() + " " + s.getLocalSocketAddress());
            report.effect("adaptor's connect", () -> s.connect(SocketPair.deadPort()));
            s.setSoTimeout(50);
            report.line("adaptor's time-out", () -> s.getInputStream().read());
            pair.server().write(text("a"));
            report.line("adaptor's read", () -> s.getInputStream().read());
            report.line("adaptor's options", () -> s.getTcpNoDelay() + " " + s.getSoLinger() + " "
                    + s.getOOBInline() + " " + s.getKeepAlive());
            c.configureBlocking(false);
            report.line("adaptor's read, non-blocking", () -> s.getInputStream().read());
            report.effect("adaptor's write, non-blocking", () -> s.getOutputStream().write(1));
            c.configureBlocking(true);
            OutputStream out = s.getOutputStream();
            s.shutdownOutput();
            report.effect("adaptor's old stream then", () -> out.write(1));
            report.line("adaptor's shutdown", () -> s.isOutputShutdown() + " " + s.isInputShutdown());
            report.effect("adaptor's write then", () -> s.getOutputStream().write(1));
            s.close();
            report.line("adaptor's close", () -> c.isOpen() + " " + s.isClosed() + " " + s);
            report.line("closed adaptor's input", s::getInputStream);
        }
    }

    private void streams() throws Exception {
        try (Channels pair = Channels.open()) {
            InputStream in = java.nio.channels.Channels.newInputStream(pair.client());
            OutputStream out = java.nio.channels.Channels.newOutputStream(pair.client());
            Background reader = Background.platform(in::read).awaitBlocked();
            out.write(7);
            report.line("full duplex streams", () -> java.nio.channels.Channels.newInputStream(pair.server()).read());
            pair.server().write(text("a"));
            report.print("stream's read", reader.outcome());
            pair.client().configureBlocking(false);
            report.line("stream's read, non-blocking", in::read);
            report.effect("stream's write, non-blocking", () -> out.write(1));
        }
    }

    private void files() throws Exception {
        Path file = Files.createTempFile("behaviour", ".bin");
        try (Channels pair = Channels.open(); FileChannel f = FileChannel.open(file,
                StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            byte[] content = new byte[100_000];
            Arrays.fill(content, (byte) 3);
            f.write(ByteBuffer.wrap(content));
            Background sender = Background.platform(() -> {
                long sent = 0;
                while (sent < content.length) {
                    sent += f.transferTo(sent, content.length - sent, pair.client());
                }
                pair.client().shutdownOutput();
                return sent;
            });
            byte[] got = java.nio.channels.Channels.newInputStream(pair.server()).readAllBytes();
            report.print("transferTo", sender.outcome() + " " + Arrays.equals(got, content));
            pair.server().write(text("abcdef"));
            report.line("transferFrom", () -> f.transferFrom(pair.client(), 10, 6) + " " + f.size());
        } finally {
            Files.delete(file);
        }
    }

    private void server() throws Exception {
        try (ServerSocketChannel s = ServerSocketChannel.open()) {
            report.line("unbound", () -> s);
            report.line("unbound accept", s::accept);
            report.line("valid operations", s::validOps);
            report.line("unbound address", s::getLocalAddress);
            report.line("bind", () -> s.bind(SocketPair.anyPort()) == s);
            report.line("bound", () -> s);
            report.line("address", s::getLocalAddress);
            report.line("bind again", () -> s.bind(null));
            s.configureBlocking(false);
            report.line("nobody there", s::accept);
            try (SocketChannel c = SocketChannel.open(s.getLocalAddress()); SocketChannel a = accepted(s)) {
                report.line("accepted is blocking", () -> a.isBlocking() + " " + c.isConnected());
            }
            s.configureBlocking(true);
            Background accepting = Background.platform(() -> {
                try (SocketChannel a = s.accept()) {
                    return a;
                }
            }).awaitBlocked();
            SocketChannel.open(s.getLocalAddress()).close();
            report.print("accept", accepting.outcome());
            report.line("in use", () -> ServerSocketChannel.open().bind(s.getLocalAddress()));
            s.close();
            report.line("closed", () -> s);
            report.line("closed accept", s::accept);
            report.line("closed address", s::getLocalAddress);
        }
    }

    /** A connection is there at once, as far as the system is concerned. */
    private static SocketChannel accepted(ServerSocketChannel s) throws IOException {
        SocketChannel accepted;
        do {
            accepted = s.accept();
        } while (accepted == null);
        return accepted;
    }

    private void serverAdaptor() throws Exception {
        try (ServerSocketChannel s = ServerSocketChannel.open()) {
            ServerSocket adaptor = s.socket();
            report.line("unbound adaptor", () -> adaptor);
            report.line("unbound adaptor's accept", adaptor::accept);
            adaptor.bind(SocketPair.anyPort());
            report.line("adaptor", () -> adaptor);
            report.line("adaptor's channel", () -> adaptor.getChannel() == s);
            adaptor.setSoTimeout(50);
            report.line("adaptor's time-out", adaptor::accept);
            try (Socket c = new Socket(LOOPBACK, adaptor.getLocalPort()); Socket a = adaptor.accept()) {
                report.line("adaptor's accept", () -> a.getChannel() != null && c.isConnected());
            }
            s.configureBlocking(false);
            report.line("adaptor's accept, non-blocking", adaptor::accept);
            adaptor.close();
            report.line("closed adaptor", () -> s.isOpen() + " " + adaptor.isClosed());
            report.line("closed adaptor's accept", adaptor::accept);
        }
    }

    private void others() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.sink().write(text("pipe"));
        report.line("pipe", () -> pipe.source().read(ByteBuffer.allocate(10)));
        pipe.sink().close();
        report.line("end of a pipe", () -> pipe.source().read(ByteBuffer.allocate(10)));
        pipe.source().close();
        Path folder = Files.createTempDirectory("behaviour");
        Path path = folder.resolve("s");
        try (ServerSocketChannel s = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            s.bind(UnixDomainSocketAddress.of(path));
            try (SocketChannel c = SocketChannel.open(UnixDomainSocketAddress.of(path)); SocketChannel a = s.accept()) {
                c.write(text("unix"));
                report.line("Unix domain", () -> a.read(ByteBuffer.allocate(10)));
                report.line("Unix domain's adaptor", c::socket);
            }
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
        report.line("inherited channel", System::inheritedChannel);
    }
}
