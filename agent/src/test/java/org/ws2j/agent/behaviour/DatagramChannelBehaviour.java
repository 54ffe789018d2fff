package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;

/** java.nio.channels.DatagramChannel. */
@SuppressWarnings({"AddressSelection", "DefaultCharset"}) // it does what programs do
final class DatagramChannelBehaviour {
    private final Report report;

    DatagramChannelBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("DatagramChannel");
        states();
        exchange();
        connected();
        adaptor();
        multicast();
    }

    private static DatagramChannel open() throws IOException {
        return DatagramChannel.open().bind(SocketPair.anyPort());
    }

    private static ByteBuffer text(String s) {
        return ByteBuffer.wrap(s.getBytes());
    }

    private void states() throws IOException {
        DatagramChannel c = DatagramChannel.open();
        report.line("unbound", () -> c);
        report.line("unbound addresses", () -> c.getLocalAddress() + " " + c.getRemoteAddress());
        report.line("unconnected read", () -> c.read(ByteBuffer.allocate(1)));
        report.line("unconnected write", () -> c.write(text("a")));
        report.line("valid operations", c::validOps);
        report.line("bind", () -> c.bind(SocketPair.anyPort()) == c);
        report.line("bound", () -> c);
        report.line("bind again", () -> c.bind(null));
        report.line("disconnect", () -> c.disconnect() == c);
        report.line("send unresolved", () -> c.send(text("a"), InetSocketAddress.createUnresolved("a.invalid", 1)));
        report.line("send to null", () -> c.send(text("a"), null));
        report.line("send to port 0", () -> c.send(text("a"), SocketPair.anyPort()));
        report.line("receive into read only", () -> c.receive(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        c.close();
        report.line("closed", () -> c);
        report.line("closed receive", () -> c.receive(ByteBuffer.allocate(1)));
        report.line("closed send", () -> c.send(text("a"), SocketPair.deadPort()));
        report.line("closed connect", () -> c.connect(SocketPair.deadPort()));
        report.line("IPv4 alone", () -> {
            try (DatagramChannel four = DatagramChannel.open(StandardProtocolFamily.INET)) {
                return four.bind(null).getLocalAddress();
            }
        });
        report.line("IPv4 alone to IPv6", () -> {
            try (DatagramChannel four = DatagramChannel.open(StandardProtocolFamily.INET)) {
                return four.send(text("a"), new InetSocketAddress(InetAddress.getByName("::1"), 9));
            }
        });
    }

    private void exchange() throws Exception {
        try (DatagramChannel a = open(); DatagramChannel b = open()) {
            report.line("send", () -> a.send(text("hello"), b.getLocalAddress()));
            ByteBuffer buffer = ByteBuffer.allocate(10);
            report.line("receive", () -> b.receive(buffer) + " " + buffer);
            a.send(text("too long"), b.getLocalAddress());
            ByteBuffer small = ByteBuffer.allocateDirect(3);
            report.line("cut", () -> b.receive(small) + " " + small);
            b.configureBlocking(false);
            report.line("nothing there", () -> b.receive(ByteBuffer.allocate(1)));
            report.line("too large", () -> a.send(ByteBuffer.allocate(65_600), b.getLocalAddress()));
            report.line("to nobody", () -> a.send(text("a"), SocketPair.deadPort()));
            b.configureBlocking(true);
            Background receiver = Background.platform(() -> b.receive(ByteBuffer.allocate(9))).awaitBlocked();
            a.send(text("late"), b.getLocalAddress());
            report.print("blocked", receiver.outcome());
        }
    }

    private void connected() throws Exception {
        try (DatagramChannel a = open(); DatagramChannel b = open(); DatagramChannel c = open()) {
            report.line("connect", () -> a.connect(b.getLocalAddress()) == a);
            report.line("connected", () -> a + " " + a.isConnected());
            report.line("connect again", () -> a.connect(b.getLocalAddress()));
            report.line("write", () -> a.write(text("abc")));
            report.line("which arrives", () -> b.receive(ByteBuffer.allocate(10)));
            report.line("gather", () -> a.write(new ByteBuffer[] {text("ab"), text("c")}));
            report.line("as one", () -> {
                ByteBuffer whole = ByteBuffer.allocate(10);
                b.receive(whole);
                return whole.position();
            });
            report.line("gather nothing", () -> a.write(new ByteBuffer[0]));
            report.line("gather a part that is empty", () -> a.write(new ByteBuffer[] {text("ab")}, 1, 0));
            report.line("gather no bytes", () -> a.write(new ByteBuffer[] {text(""), text("")}));
            report.line("gather null", () -> Report.outcome(() -> a.write(new ByteBuffer[] {text("ab"), null}))
                    .startsWith("java.lang.NullPointerException"));
            report.line("write no bytes", () -> a.write(text("")));
            report.line("which do not arrive", () -> b.configureBlocking(false).isBlocking() + " "
                    + b.receive(ByteBuffer.allocate(1)));
            b.configureBlocking(true);
            report.line("send elsewhere", () -> a.send(text("a"), c.getLocalAddress()));
            report.line("send there", () -> a.send(text("a"), b.getLocalAddress()));
            c.send(text("stranger"), a.getLocalAddress());
            b.send(text("friend"), a.getLocalAddress());
            report.line("read", () -> a.read(ByteBuffer.allocate(20)));
            report.line("disconnect", () -> a.disconnect().isConnected() + " " + a.getRemoteAddress());
        }
        try (DatagramChannel a = open()) {
            a.connect(SocketPair.deadPort());
            report.line("port unreachable", () -> {
                a.write(text("a"));
                return a.read(ByteBuffer.allocate(1));
            });
        }
    }

    private void adaptor() throws Exception {
        try (DatagramChannel c = open(); DatagramChannel peer = open()) {
            DatagramSocket s = c.socket();
            report.line("adaptor's channel", () -> s.getChannel() == c);
            report.line("adaptor's address", s::getLocalSocketAddress);
            s.setSoTimeout(50);
            report.effect("adaptor's time-out", () -> s.receive(new DatagramPacket(new byte[1], 1)));
            peer.send(text("x"), c.getLocalAddress());
            report.effect("adaptor's receive", () -> s.receive(new DatagramPacket(new byte[1], 1)));
            c.configureBlocking(false);
            report.effect("adaptor's receive, non-blocking", () -> s.receive(new DatagramPacket(new byte[1], 1)));
            s.close();
            report.line("adaptor's close", () -> c.isOpen() + " " + s.isClosed());
        }
    }

    private void multicast() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(SocketPair.LOOPBACK);
        InetAddress group = InetAddress.getByName("239.7.7.7");
        try (DatagramChannel c = DatagramChannel.open(StandardProtocolFamily.INET)) {
            c.bind(new InetSocketAddress(0));
            MembershipKey key = c.join(group, loopback);
            report.line("membership", () -> key.isValid() + " " + key.group() + " "
                    + key.networkInterface().equals(loopback) + " " + key.sourceAddress() + " "
                    + (key.channel() == c));
            report.line("join again", () -> c.join(group, loopback) == key);
            report.line("join no group", () -> c.join(SocketPair.LOOPBACK, loopback));
            report.line("join IPv6", () -> c.join(InetAddress.getByName("ff02::7"), loopback));
            key.drop();
            report.line("dropped", key::isValid);
        }
    }
}
