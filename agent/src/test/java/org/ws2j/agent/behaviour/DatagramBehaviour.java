package org.ws2j.agent.behaviour;

import static org.ws2j.agent.behaviour.SocketPair.LOOPBACK;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.util.function.Function;

/** java.net.DatagramSocket and MulticastSocket. */
@SuppressWarnings("DefaultCharset") // it does what programs do
final class DatagramBehaviour {
    private final Report report;

    DatagramBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("DatagramSocket");
        states();
        exchange();
        connected();
        closed();
        ending(false);
        ending(true);
        multicast();
    }

    private static DatagramSocket open() throws IOException {
        return new DatagramSocket(SocketPair.anyPort());
    }

    private static DatagramPacket packet(String text, DatagramSocket to) {
        byte[] bytes = text.getBytes();
        return new DatagramPacket(bytes, bytes.length, to.getLocalSocketAddress());
    }

    private static String receive(DatagramSocket s, int room) throws IOException {
        DatagramPacket p = new DatagramPacket(new byte[room], room);
        s.receive(p);
        return new String(p.getData(), p.getOffset(), p.getLength()) + " from " + p.getSocketAddress();
    }

    private static String flags(DatagramSocket s) {
        return "bound " + s.isBound() + " connected " + s.isConnected() + " closed " + s.isClosed();
    }

    private void states() throws IOException {
        try (DatagramSocket s = new DatagramSocket(null)) {
            report.line("unbound", () -> flags(s));
            report.line("unbound addresses",
                    () -> s.getLocalSocketAddress() + " " + s.getLocalAddress() + " " + s.getLocalPort());
            report.line("channel", s::getChannel);
            report.effect("bind", () -> s.bind(SocketPair.anyPort()));
            report.line("bound", () -> flags(s));
            report.effect("bind again", () -> s.bind(SocketPair.anyPort()));
        }
        try (DatagramSocket s = new DatagramSocket()) {
            report.line("bound to any", () -> s.getLocalAddress() + " " + flags(s));
            report.line("remote of unconnected", () -> s.getInetAddress() + " " + s.getPort() + " "
                    + s.getRemoteSocketAddress());
        }
        try (DatagramSocket s = open()) {
            report.line("address", s::getLocalSocketAddress);
            report.line("in use", () -> new DatagramSocket(s.getLocalSocketAddress()));
            report.line("of somebody else", () -> new DatagramSocket(0, InetAddress.getByName("192.0.2.1")));
            report.line("port out of range", () -> new DatagramSocket(70_000));
        }
    }

    private void exchange() throws Exception {
        try (DatagramSocket a = open(); DatagramSocket b = open()) {
            a.send(packet("hello", b));
            report.line("received", () -> receive(b, 100));
            a.send(packet("too long", b));
            a.send(packet("next", b));
            report.line("cut", () -> receive(b, 3));
            report.line("next", () -> receive(b, 10));
            a.send(packet("", b));
            report.line("empty", () -> receive(b, 10));
            Background receiver = Background.platform(() -> receive(b, 10)).awaitBlocked();
            a.send(packet("late", b));
            report.print("blocked", receiver.outcome());
            Background virtual = Background.virtual(() -> receive(b, 10)).awaitBlocked();
            a.send(packet("later", b));
            report.print("blocked, virtual", virtual.outcome());
            b.setSoTimeout(50);
            report.line("time-out", b::getSoTimeout);
            report.line("times out", () -> receive(b, 10));
            a.send(packet("usable", b));
            report.line("still", () -> receive(b, 10));
            report.effect("negative time-out", () -> b.setSoTimeout(-1));
            report.effect("without an address", () -> a.send(new DatagramPacket(new byte[1], 1)));
            report.effect("to port 0", () -> a.send(new DatagramPacket(new byte[1], 1, LOOPBACK, 0)));
            report.effect("null", () -> a.send(null));
            report.effect("receive null", () -> a.receive(null));
            report.effect("too large", () -> a.send(new DatagramPacket(new byte[65_600], 65_600,
                    b.getLocalSocketAddress())));
            report.effect("unresolved", () -> a.send(new DatagramPacket(new byte[1], 1,
                    InetSocketAddress.createUnresolved("a.invalid", 7))));
            report.effect("to nobody", () -> a.send(new DatagramPacket(new byte[1], 1, SocketPair.deadPort())));
            large(a, b);
        }
    }

    private void large(DatagramSocket a, DatagramSocket b) {
        report.line("large", () -> {
            a.send(new DatagramPacket(new byte[30_000], 30_000, b.getLocalSocketAddress()));
            DatagramPacket p = new DatagramPacket(new byte[65_536], 65_536);
            b.receive(p);
            return "bytes " + p.getLength();
        });
    }

    private void connected() throws Exception {
        try (DatagramSocket a = open(); DatagramSocket b = open(); DatagramSocket c = open()) {
            a.connect(b.getLocalSocketAddress());
            report.line("connected", () -> flags(a) + " " + a.getInetAddress() + " " + a.getRemoteSocketAddress());
            report.effect("send elsewhere", () -> a.send(packet("x", c)));
            report.effect("send there", () -> a.send(packet("y", b)));
            report.line("which arrives", () -> receive(b, 5));
            report.effect("send without an address", () -> a.send(new DatagramPacket(new byte[] {'z'}, 1)));
            report.line("arrives, too", () -> receive(b, 5));
            c.send(packet("stranger", a));
            b.send(packet("friend", a));
            report.line("a stranger is not heard", () -> receive(a, 20));
            a.disconnect();
            report.line("disconnected", () -> flags(a) + " " + a.getRemoteSocketAddress());
            c.send(packet("stranger", a));
            report.line("then he is", () -> receive(a, 20));
            report.effect("connect to null", () -> a.connect(null));
            report.effect("connect out of range", () -> a.connect(LOOPBACK, -1));
        }
        try (DatagramSocket a = open()) {
            a.connect(SocketPair.deadPort());
            a.setSoTimeout(2_000);
            report.line("port unreachable", () -> {
                a.send(new DatagramPacket(new byte[1], 1));
                return receive(a, 1);
            });
        }
    }

    private void closed() throws IOException {
        DatagramSocket s = open();
        s.close();
        report.line("closed", () -> flags(s) + " " + s.getLocalPort() + " " + s.getLocalAddress());
        report.line("closed receive", () -> receive(s, 1));
        report.effect("closed send", () -> s.send(new DatagramPacket(new byte[1], 1, SocketPair.deadPort())));
        report.effect("closed bind", () -> s.bind(SocketPair.anyPort()));
        report.effect("closed time-out", () -> s.setSoTimeout(1));
        report.line("closed buffer", s::getReceiveBufferSize);
        report.effect("closed connect", () -> s.connect(SocketPair.deadPort()));
        report.effect("closed disconnect", s::disconnect);
        report.effect("close again", s::close);
    }

    private void ending(boolean virtual) throws Exception {
        String on = virtual ? ", virtual" : "";
        Function<Report.Action, Background> start = virtual ? Background::virtual : Background::platform;
        DatagramSocket closing = open();
        Background receiver = start.apply(() -> receive(closing, 5)).awaitBlocked();
        closing.close();
        report.print("close ends receive" + on, receiver.outcome());
        DatagramSocket timed = open();
        timed.setSoTimeout(60_000);
        Background timedReceiver = start.apply(() -> receive(timed, 5)).awaitBlocked();
        timed.close();
        report.print("close ends receive with a time-out" + on, timedReceiver.outcome());
        try (DatagramSocket s = open(); DatagramSocket peer = open()) {
            Background interrupted = start.apply(() -> receive(s, 5)).awaitBlocked();
            interrupted.interrupt();
            if (!virtual) { // It goes on.
                interrupted.awaitBlocked();
                peer.send(packet("go on", s));
            }
            report.print("interrupt of receive" + on, interrupted.outcomeAndStatus());
            report.line("closed by it" + on, s::isClosed);
        }
    }

    private void multicast() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        InetAddress group = InetAddress.getByName("239.7.7.7");
        try (MulticastSocket s = new MulticastSocket(0)) {
            report.line("reuse", s::getReuseAddress);
            report.effect("TTL", () -> s.setTimeToLive(4));
            report.line("TTL set", s::getTimeToLive);
            report.effect("TTL out of range", () -> s.setTimeToLive(300));
            report.effect("join", () -> s.joinGroup(new InetSocketAddress(group, 0), loopback));
            report.effect("join again", () -> s.joinGroup(new InetSocketAddress(group, 0), loopback));
            report.effect("leave", () -> s.leaveGroup(new InetSocketAddress(group, 0), loopback));
            report.effect("leave again", () -> s.leaveGroup(new InetSocketAddress(group, 0), loopback));
            report.effect("join no group", () -> s.joinGroup(new InetSocketAddress(LOOPBACK, 0), loopback));
            report.effect("join null", () -> s.joinGroup(null, loopback));
            report.line("interface", s::getNetworkInterface);
            report.effect("set interface", () -> s.setNetworkInterface(loopback));
            report.line("interface set", () -> s.getNetworkInterface().equals(loopback));
        }
    }
}
