package org.ws2j.agent.behaviour;

import static org.ws2j.agent.behaviour.SocketPair.LOOPBACK;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;

/** java.net.ServerSocket: its states, accepting, time-outs, both families. */
@SuppressWarnings("AddressSelection") // it does what programs do
final class ServerSocketBehaviour {
    /** Accepts into a socket of its own. */
    private static final class Accepting extends ServerSocket {
        Accepting() throws IOException {
            super(0, 50, LOOPBACK);
        }

        Socket acceptInto(Socket s) throws IOException {
            implAccept(s);
            return s;
        }
    }

    /** A socket without an implementation. */
    private static final class Bare extends Socket {
        Bare() throws IOException {
            super((SocketImpl) null);
        }
    }

    private final Report report;

    ServerSocketBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("ServerSocket");
        unbound();
        bound();
        closed();
        accepting();
        timeouts();
        acceptingInto();
        families();
    }

    private void unbound() throws IOException {
        try (ServerSocket s = new ServerSocket()) {
            report.line("unbound", () -> s);
            report.line("unbound values", () -> values(s));
            report.line("unbound accept", s::accept);
            report.effect("odd backlog", () -> s.bind(SocketPair.anyPort(), -3));
            report.effect("bind again", () -> s.bind(SocketPair.anyPort()));
        }
        report.line("port out of range", () -> new ServerSocket(70_000));
        report.effect("unresolved", () -> {
            try (ServerSocket s = new ServerSocket()) {
                s.bind(InetSocketAddress.createUnresolved("a.invalid", 0));
            }
        });
        report.line("address of somebody else",
                () -> new ServerSocket(0, 50, InetAddress.getByName("192.0.2.1")));
    }

    private static String values(ServerSocket s) {
        return s.getInetAddress() + " " + s.getLocalSocketAddress() + " bound " + s.isBound() + " closed "
                + s.isClosed() + " port " + (s.getLocalPort() > 0 ? "some" : s.getLocalPort());
    }

    private void bound() throws IOException {
        try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK)) {
            report.line("bound", () -> s);
            report.line("bound values", () -> values(s));
            report.line("channel", s::getChannel);
            report.line("in use", () -> new ServerSocket(s.getLocalPort(), 50, LOOPBACK));
        }
        try (ServerSocket s = new ServerSocket(0)) {
            report.line("bound to all", () -> s);
        }
        report.line("port can be bound again", () -> {
            ServerSocket first = new ServerSocket(0, 50, LOOPBACK);
            Socket client = new Socket(LOOPBACK, first.getLocalPort());
            first.accept().close();
            first.close();
            client.close();
            try (ServerSocket again = new ServerSocket(first.getLocalPort(), 50, LOOPBACK)) {
                return again.isBound();
            }
        });
    }

    private void closed() throws IOException {
        ServerSocket s = new ServerSocket(0, 50, LOOPBACK);
        s.close();
        report.line("closed", () -> s);
        report.line("closed values", () -> values(s));
        report.line("closed accept", s::accept);
        report.effect("closed bind", () -> s.bind(SocketPair.anyPort()));
        report.effect("closed time-out", () -> s.setSoTimeout(1));
        report.line("closed buffer", s::getReceiveBufferSize);
        report.line("closed option", () -> s.getOption(java.net.StandardSocketOptions.SO_RCVBUF));
        report.line("closed supported", () -> s.supportedOptions().size());
        report.effect("close again", s::close);
        report.line("connect to a closed one", () -> new Socket(LOOPBACK, s.getLocalPort()));
        report.line("closing refuses those who wait", () -> {
            ServerSocket listener = new ServerSocket(0, 50, LOOPBACK);
            try (Socket client = new Socket(LOOPBACK, listener.getLocalPort())) {
                listener.close();
                return client.getInputStream().read();
            }
        });
    }

    private void accepting() throws Exception {
        try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK)) {
            Background first = Background.platform(() -> close(s.accept())).awaitBlocked();
            Background second = Background.platform(() -> close(s.accept())).awaitBlocked();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            report.print("two accept", first.outcome() + " and " + second.outcome());
            Background virtual = Background.virtual(() -> close(s.accept())).awaitBlocked();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            report.print("a virtual thread accepts", virtual.outcome());
            report.line("accepts in order", () -> {
                try (Socket one = new Socket(LOOPBACK, s.getLocalPort());
                        Socket two = new Socket(LOOPBACK, s.getLocalPort());
                        Socket a = s.accept(); Socket b = s.accept()) {
                    return (a.getPort() == one.getLocalPort()) + " " + (b.getPort() == two.getLocalPort());
                }
            });
        }
    }

    private static String close(Socket s) throws IOException {
        try (s) {
            return "accepted at " + s.getLocalAddress() + " from " + s.getInetAddress();
        }
    }

    private void timeouts() throws Exception {
        try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK)) {
            report.effect("negative time-out", () -> s.setSoTimeout(-5));
            s.setSoTimeout(60);
            report.line("time-out", s::getSoTimeout);
            report.line("times out", s::accept);
            report.line("times out again", s::accept);
            try (Socket client = new Socket(LOOPBACK, s.getLocalPort()); Socket accepted = s.accept()) {
                report.line("still accepts", () -> accepted.getPort() == client.getLocalPort());
                report.line("time-out of the accepted", accepted::getSoTimeout);
                accepted.getOutputStream().write(1);
                report.line("which works", () -> client.getInputStream().read());
                Background reader = Background.platform(() -> accepted.getInputStream().read()).awaitBlocked();
                client.getOutputStream().write(2);
                report.print("and blocks", reader.outcome());
            }
            s.setSoTimeout(60_000);
            Background accepting = Background.platform(() -> close(s.accept())).awaitBlocked();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            report.print("within the time", accepting.outcome());
            s.setSoTimeout(0);
            Background endless = Background.platform(() -> close(s.accept())).awaitBlocked();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            report.print("without a time-out again", endless.outcome());
            Background virtual = Background.virtual(() -> {
                s.setSoTimeout(50);
                return s.accept();
            });
            report.print("on a virtual thread", virtual.outcome());
        }
    }

    private void acceptingInto() throws Exception {
        try (Accepting s = new Accepting()) {
            try (Socket client = new Socket(LOOPBACK, s.getLocalPort()); Socket mine = new Socket()) {
                mine.setSoTimeout(77);
                report.line("into a socket", () -> s.acceptInto(mine).isConnected() + " " + mine.getSoTimeout()
                        + " " + (mine.getPort() == client.getLocalPort()));
            }
            try (Socket client = new Socket(LOOPBACK, s.getLocalPort()); Socket mine = new Bare()) {
                report.line("into a bare socket", () -> s.acceptInto(mine).isConnected() + " "
                        + (mine.getPort() == client.getLocalPort()));
            }
        }
    }

    private void families() throws IOException {
        InetAddress six = InetAddress.getByName("::1");
        try (ServerSocket s = new ServerSocket(0)) {
            report.line("all addresses take IPv4", () -> meet(s, InetAddress.getByName("127.0.0.1")));
            report.line("all addresses take IPv6", () -> meet(s, six));
        }
        report.line("IPv6", () -> {
            try (ServerSocket s = new ServerSocket(0, 50, six)) {
                return s + " " + meet(s, six);
            }
        });
        report.line("IPv6 alone refuses IPv4", () -> {
            try (ServerSocket s = new ServerSocket(0, 50, six)) {
                return meet(s, InetAddress.getByName("127.0.0.1"));
            }
        });
        report.line("bound to IPv6, connected to IPv4", () -> {
            try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK); Socket client = new Socket()) {
                client.bind(new InetSocketAddress(six, 0));
                client.connect(s.getLocalSocketAddress());
                return client;
            }
        });
    }

    private static String meet(ServerSocket s, InetAddress address) throws IOException {
        try (Socket client = new Socket(address, s.getLocalPort()); Socket accepted = s.accept()) {
            return client.getLocalAddress() + " " + accepted.getInetAddress() + " " + accepted.getLocalSocketAddress();
        }
    }
}
