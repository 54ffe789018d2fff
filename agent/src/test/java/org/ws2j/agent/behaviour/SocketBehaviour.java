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
import java.net.UnknownHostException;
import java.util.Arrays;
import org.ws2j.agent.behaviour.SocketPair.Sockets;

/** java.net.Socket: its states, its streams, how connections begin and end. */
@SuppressWarnings({"AddressSelection", "DefaultCharset", "IdentityBinaryExpression", "OperatorPrecedence"}) // it does what programs do
final class SocketBehaviour {
    private static final int PATIENCE_MILLIS = 150;

    private static final class OddAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
    }

    private final Report report;

    SocketBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("Socket");
        unconnected();
        connected();
        closed();
        queueing();
        connecting();
        binding();
        reading();
        writing();
        halfClose();
        timeouts();
        resets();
        urgentData();
        bulk();
    }

    private void unconnected() throws IOException {
        try (Socket s = new Socket()) {
            report.line("unconnected", () -> s);
            report.line("unconnected ports", () -> s.getPort() + " " + s.getLocalPort());
            report.line("unconnected addresses", () -> s.getInetAddress() + " " + s.getLocalAddress() + " "
                    + s.getRemoteSocketAddress() + " " + s.getLocalSocketAddress());
            report.line("unconnected flags", () -> flags(s));
            report.line("unconnected input", s::getInputStream);
            report.line("unconnected output", s::getOutputStream);
            report.effect("unconnected shutdownInput", s::shutdownInput);
            report.effect("unconnected shutdownOutput", s::shutdownOutput);
            report.effect("unconnected urgent", () -> s.sendUrgentData(1));
            report.line("channel", s::getChannel);
            report.effect("connect to null", () -> s.connect(null));
            report.effect("connect with a negative time", () -> s.connect(SocketPair.anyPort(), -1));
            report.effect("connect to an odd address", () -> s.connect(new OddAddress()));
        }
    }

    private static String flags(Socket s) {
        return "bound " + s.isBound() + " connected " + s.isConnected() + " closed " + s.isClosed() + " in "
                + s.isInputShutdown() + " out " + s.isOutputShutdown();
    }

    private void connected() throws IOException {
        try (Sockets pair = Sockets.open()) {
            Socket s = pair.client();
            report.line("connected", () -> s);
            report.line("accepted", pair::server);
            report.line("connected flags", () -> flags(s));
            report.line("accepted flags", () -> flags(pair.server()));
            report.line("remote address", s::getRemoteSocketAddress);
            report.line("local address", s::getLocalSocketAddress);
            report.line("ports of both ends match", () -> s.getPort() == pair.server().getLocalPort()
                    && s.getLocalPort() == pair.server().getPort());
            report.line("same stream each time", () -> s.getInputStream() == s.getInputStream()
                    && s.getOutputStream() == s.getOutputStream());
            report.effect("connect again", () -> s.connect(SocketPair.anyPort()));
            report.effect("bind again", () -> s.bind(null));
            report.line("available", () -> s.getInputStream().available());
        }
    }

    private void closed() throws IOException {
        Sockets pair = Sockets.open();
        Socket s = pair.client();
        InputStream in = s.getInputStream();
        OutputStream out = s.getOutputStream();
        s.close();
        report.line("closed", () -> s);
        report.line("closed flags", () -> flags(s));
        report.line("closed addresses", () -> s.getInetAddress() + " " + s.getLocalAddress()
                + " port=" + s.getLocalPort());
        report.line("closed read", in::read);
        report.line("closed read of nothing", () -> in.read(new byte[0]));
        report.effect("closed write", () -> out.write(1));
        report.line("closed available", in::available);
        report.line("closed input", s::getInputStream);
        report.line("closed output", s::getOutputStream);
        report.effect("closed shutdownInput", s::shutdownInput);
        report.effect("closed shutdownOutput", s::shutdownOutput);
        report.effect("closed connect", () -> s.connect(SocketPair.anyPort()));
        report.effect("closed bind", () -> s.bind(null));
        report.effect("closed urgent", () -> s.sendUrgentData(1));
        report.line("closed supported", () -> s.supportedOptions().size());
        report.effect("close again", s::close);
        pair.server().close();
        closedAtTheEnd();
        closingAStream();
    }

    private void closingAStream() throws IOException {
        try (Sockets pair = Sockets.open()) {
            pair.client().getInputStream().close();
            report.line("closing the input closes the socket", () -> flags(pair.client()));
            pair.server().getOutputStream().close();
            report.line("closing the output closes the socket", () -> flags(pair.server()));
        }
    }

    private void connecting() throws IOException {
        report.line("refused", () -> new Socket(LOOPBACK, SocketPair.deadPort().getPort()));
        report.effect("refused with a time-out", () -> {
            try (Socket s = new Socket()) {
                s.connect(SocketPair.deadPort(), 5_000);
            }
        });
        try (Socket s = new Socket()) {
            report.effect("refused once", () -> s.connect(SocketPair.deadPort()));
            report.line("flags after it", () -> flags(s));
            report.effect("connect after it", () -> s.connect(SocketPair.deadPort()));
        }
        report.effect("unresolved", () -> {
            try (Socket s = new Socket()) {
                s.connect(InetSocketAddress.createUnresolved("no.such.host.invalid", 80));
            }
        });
        report.effect("to port 0", () -> {
            try (Socket s = new Socket()) {
                s.connect(new InetSocketAddress(LOOPBACK, 0));
            }
        });
        report.line("port out of range", () -> new Socket(LOOPBACK, 70_000));
        report.line("unknown host", () -> {
            try {
                return new Socket("no.such.host.invalid", 80);
            } catch (UnknownHostException e) {
                return "UnknownHostException";
            }
        });
        report.line("with a time-out that is enough", () -> {
            try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK); Socket s = new Socket()) {
                s.connect(listener.getLocalSocketAddress(), 5_000);
                return s;
            }
        });
        report.line("to the wildcard address", () -> {
            try (ServerSocket listener = new ServerSocket(0); Socket s = new Socket()) {
                s.connect(new InetSocketAddress(listener.getLocalPort()));
                return s;
            }
        });
        report.line("with a full backlog", () -> {
            try (BlackHole hole = new BlackHole(); Socket s = new Socket()) {
                s.connect(hole.address(), PATIENCE_MILLIS);
                return "connected";
            }
        });
        report.line("state after a time-out", () -> {
            try (BlackHole hole = new BlackHole(); Socket s = new Socket()) {
                String outcome = Report.outcome(() -> {
                    s.connect(hole.address(), PATIENCE_MILLIS);
                    return "connected";
                });
                return outcome + " " + flags(s);
            }
        });
    }

    private void binding() throws IOException {
        try (Socket s = new Socket()) {
            s.bind(SocketPair.anyPort());
            report.line("bound", () -> s);
            report.line("bound flags", () -> flags(s));
            report.line("bound address", s::getLocalSocketAddress);
            report.effect("bound twice", () -> s.bind(SocketPair.anyPort()));
        }
        try (ServerSocket taken = new ServerSocket(0, 50, LOOPBACK); Socket s = new Socket()) {
            report.effect("address in use", () -> s.bind(taken.getLocalSocketAddress()));
            report.line("flags after it", () -> flags(s));
        }
        try (Socket s = new Socket()) {
            report.effect("address of somebody else",
                    () -> s.bind(new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0)));
            report.effect("odd address", () -> s.bind(new OddAddress()));
            report.effect("unresolved address", () -> s.bind(InetSocketAddress.createUnresolved("a.invalid", 0)));
            report.effect("null address", () -> s.bind(null));
        }
        report.line("bound and connected", () -> {
            try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK); Socket s = new Socket()) {
                s.bind(SocketPair.anyPort());
                int port = s.getLocalPort();
                s.connect(listener.getLocalSocketAddress());
                return s.getLocalPort() == port;
            }
        });
    }

    private void reading() throws Exception {
        try (Sockets pair = Sockets.open()) {
            InputStream in = pair.client().getInputStream();
            OutputStream peer = pair.server().getOutputStream();
            peer.write("abcdef".getBytes());
            report.line("one byte", in::read);
            report.line("a part", () -> in.read(new byte[10], 2, 3));
            report.line("available", in::available);
            report.line("no byte wanted", () -> in.read(new byte[4], 4, 0));
            report.line("bad bounds", () -> in.read(new byte[4], 2, 3));
            report.line("null", () -> in.read(null, 0, 1));
            report.line("skip", () -> in.skip(1));
            peer.write(255);
            report.line("the rest", () -> Arrays.toString(in.readNBytes(2)));
            Background reader = Background.platform(in::read).awaitBlocked();
            peer.write(7);
            report.print("a blocked read", reader.outcome());
            pair.server().close();
            report.line("end", in::read);
            report.line("end again", () -> in.read(new byte[3]));
            report.line("available at the end", in::available);
            report.line("nothing wanted at the end", () -> in.read(new byte[0]));
        }
    }

    private void writing() throws Exception {
        try (Sockets pair = Sockets.open()) {
            OutputStream out = pair.client().getOutputStream();
            report.effect("write nothing", () -> out.write(new byte[0]));
            report.effect("write bad bounds", () -> out.write(new byte[4], 3, 2));
            report.effect("write null", () -> out.write((byte[]) null));
            out.write(0x1FF);
            report.line("only the low byte", () -> pair.server().getInputStream().read());
            report.effect("flush", out::flush);
        }
    }

    private void closedAtTheEnd() throws IOException {
        try (Sockets pair = Sockets.open()) {
            InputStream in = pair.client().getInputStream();
            pair.server().close();
            report.line("end", in::read);
            pair.client().close();
            report.line("end, closed", () -> in.read() + " " + in.read(new byte[3]));
            report.line("end, closed, available", in::available);
        }
        try (Sockets pair = Sockets.open()) {
            InputStream in = pair.client().getInputStream();
            pair.client().shutdownInput();
            report.line("input shut", in::read);
            pair.client().close();
            report.line("input shut, closed", in::read);
        }
    }

    private void queueing() throws Exception {
        try (Sockets pair = Sockets.open()) {
            InputStream in = pair.client().getInputStream();
            Background first = Background.platform(in::read).awaitBlocked();
            pair.client().setSoTimeout(50);
            report.line("read behind another one times out", in::read);
            pair.server().getOutputStream().write(5);
            report.print("the other one", first.outcome());
        }
    }

    private void halfClose() throws Exception {
        try (Sockets pair = Sockets.open()) {
            Socket s = pair.client();
            s.getOutputStream().write(5);
            s.shutdownOutput();
            report.line("output shut", () -> flags(s));
            report.line("peer reads what was sent", () -> pair.server().getInputStream().read());
            report.line("peer reads the end", () -> pair.server().getInputStream().read());
            pair.server().getOutputStream().write(9);
            report.line("and can answer", () -> s.getInputStream().read());
            report.effect("write after it", () -> s.getOutputStream().write(1));
            report.effect("shut it again", s::shutdownOutput);
        }
        try (Sockets pair = Sockets.open()) {
            Socket s = pair.client();
            InputStream in = s.getInputStream();
            OutputStream out = s.getOutputStream();
            s.shutdownOutput();
            report.effect("write to the old stream", () -> out.write(1));
            pair.server().getOutputStream().write(9);
            s.shutdownInput();
            report.line("input shut", () -> flags(s));
            report.line("read after it", in::read);
            report.line("available after it", in::available);
            report.line("stream after it", s::getInputStream);
            report.effect("shut the input again", s::shutdownInput);
            report.line("closed after both", () -> flags(s));
        }
        try (Sockets pair = Sockets.open()) {
            InputStream in = pair.client().getInputStream();
            Background reader = Background.platform(in::read).awaitBlocked();
            pair.client().shutdownInput();
            report.print("shutdownInput ends a read", reader.outcome());
        }
    }

    private void timeouts() throws Exception {
        try (Sockets pair = Sockets.open()) {
            Socket s = pair.client();
            InputStream in = s.getInputStream();
            report.effect("negative time-out", () -> s.setSoTimeout(-1));
            s.setSoTimeout(50);
            report.line("time-out", s::getSoTimeout);
            report.line("times out", in::read);
            report.line("times out again", () -> in.read(new byte[8]));
            report.line("still open", () -> flags(s));
            pair.server().getOutputStream().write(new byte[] {1, 2});
            report.line("and usable", in::read);
            s.setSoTimeout(0);
            report.line("without a time-out", in::read);
            s.setSoTimeout(60_000);
            Background reader = Background.platform(in::read).awaitBlocked();
            pair.server().getOutputStream().write(3);
            report.print("within the time", reader.outcome());
            Background virtual = Background.virtual(() -> {
                s.setSoTimeout(50);
                return in.read();
            });
            report.print("on a virtual thread", virtual.outcome());
            s.setSoTimeout(0);
            Background endless = Background.platform(in::read).awaitBlocked();
            s.setSoTimeout(1);
            endless.awaitBlocked();
            pair.server().getOutputStream().write(4);
            report.print("a time-out set meanwhile does not count", endless.outcome());
        }
    }

    private void resets() throws Exception {
        try (Sockets pair = Sockets.open()) {
            pair.reset();
            InputStream in = pair.client().getInputStream();
            report.line("read of a reset connection", in::read);
            report.line("read again", in::read);
            report.line("available then", in::available);
            report.effect("write then", () -> pair.client().getOutputStream().write(1));
            report.line("flags then", () -> flags(pair.client()));
            report.line("reset socket", pair::client);
        }
        try (Sockets pair = Sockets.open()) {
            pair.reset();
            OutputStream out = pair.client().getOutputStream();
            report.effect("write to a reset connection", () -> out.write(1));
            report.effect("write again", () -> out.write(1));
        }
        try (Sockets pair = Sockets.open()) {
            InputStream in = pair.client().getInputStream();
            Background reader = Background.platform(in::read).awaitBlocked();
            pair.reset();
            report.print("a reset ends a read", reader.outcome());
        }
        try (Sockets pair = Sockets.open()) {
            pair.client().getOutputStream().write(new byte[10]);
            pair.server().getInputStream().read();
            pair.server().close();
            report.line("closing with unread data resets", () -> pair.client().getInputStream().read());
        }
        try (Sockets pair = Sockets.open()) {
            Background writer = Background.platform(() -> fill(pair.client().getOutputStream())).awaitBlocked();
            pair.reset();
            report.print("a reset ends a write", writer.outcome());
        }
    }

    private static Object fill(OutputStream out) throws IOException {
        byte[] block = new byte[64 * 1024];
        while (true) {
            out.write(block);
        }
    }

    private void urgentData() throws Exception {
        try (Sockets pair = Sockets.open()) {
            pair.server().setOOBInline(true);
            pair.client().getOutputStream().write(1);
            pair.client().sendUrgentData(0x1A2);
            pair.client().getOutputStream().write(3);
            report.line("urgent data in line",
                    () -> Arrays.toString(pair.server().getInputStream().readNBytes(3)));
        }
        try (Sockets pair = Sockets.open()) {
            pair.client().sendUrgentData(2);
            pair.client().getOutputStream().write(3);
            report.line("urgent data is dropped", () -> pair.server().getInputStream().read());
        }
    }

    private void bulk() throws Exception {
        byte[] sent = new byte[3_000_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 31 >> 3);
        }
        try (Sockets pair = Sockets.open()) {
            Background writer = Background.platform(() -> {
                pair.client().getOutputStream().write(sent);
                pair.client().shutdownOutput();
                return "sent";
            });
            byte[] received = pair.server().getInputStream().readAllBytes();
            report.print("bulk", writer.outcome() + " " + Arrays.equals(sent, received));
        }
        try (Sockets pair = Sockets.open()) {
            Background echo = Background
                    .virtual(() -> pair.server().getInputStream().transferTo(pair.server().getOutputStream()));
            Background writer = Background.virtual(() -> {
                pair.client().getOutputStream().write(sent);
                pair.client().shutdownOutput();
                return "sent";
            });
            byte[] received = pair.client().getInputStream().readNBytes(sent.length);
            report.print("full duplex, transferTo",
                    writer.outcome() + " " + echo.outcome() + " " + Arrays.equals(sent, received));
        }
    }
}
