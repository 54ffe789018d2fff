package org.ws2j.agent.behaviour;

import static org.ws2j.agent.behaviour.SocketPair.LOOPBACK;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Function;
import org.ws2j.agent.behaviour.SocketPair.Sockets;

/** How blocked calls of java.net end: by closing from another thread, by interrupts of platform and virtual threads. */
@SuppressWarnings("try") // it does what programs do
final class EndingBehaviour {
    private final Report report;

    EndingBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("Close and interrupt");
        for (boolean virtual : new boolean[] {false, true}) {
            String on = virtual ? ", virtual" : "";
            Function<Report.Action, Background> start = virtual ? Background::virtual : Background::platform;
            closing(on, start);
            afterInterrupt(on, start);
        }
        interruptedPlatformThreads();
        interruptedVirtualThreads();
    }

    private void closing(String on, Function<Report.Action, Background> start) throws Exception {
        try (Sockets pair = Sockets.open()) {
            Background reader = start.apply(() -> pair.client().getInputStream().read()).awaitBlocked();
            pair.client().close();
            report.print("close ends read" + on, reader.outcome());
        }
        try (Sockets pair = Sockets.open()) {
            pair.client().setSoTimeout(60_000);
            Background reader = start.apply(() -> pair.client().getInputStream().read()).awaitBlocked();
            pair.client().close();
            report.print("close ends read with a time-out" + on, reader.outcome());
        }
        try (Sockets pair = Sockets.open()) {
            Background writer = start.apply(() -> fill(pair.client().getOutputStream())).awaitBlocked();
            pair.client().close();
            report.print("close ends write" + on, writer.outcome());
        }
        try (Sockets pair = Sockets.open()) {
            Background reader = start.apply(() -> pair.client().getInputStream().read()).awaitBlocked();
            Background writer = start.apply(() -> fill(pair.client().getOutputStream())).awaitBlocked();
            pair.client().close();
            report.print("close ends both" + on, reader.outcome() + " and " + writer.outcome());
        }
        ServerSocket s = new ServerSocket(0, 50, LOOPBACK);
        Background accepting = start.apply(s::accept).awaitBlocked();
        s.close();
        report.print("close ends accept" + on, accepting.outcome());
        ServerSocket timed = new ServerSocket(0, 50, LOOPBACK);
        timed.setSoTimeout(60_000);
        Background timedAccepting = start.apply(timed::accept).awaitBlocked();
        timed.close();
        report.print("close ends accept with a time-out" + on, timedAccepting.outcome());
        closingWhileConnecting(on, start);
    }

    private void closingWhileConnecting(String on, Function<Report.Action, Background> start) throws Exception {
        for (int timeout : new int[] {0, 60_000}) {
            try (BlackHole hole = new BlackHole(); Socket s = new Socket()) {
                Background connecting = start.apply(() -> {
                    s.connect(hole.address(), timeout);
                    return "connected";
                }).awaitBlocked();
                s.close();
                report.print("close ends connect" + (timeout > 0 ? " with a time-out" : "") + on,
                        connecting.outcome());
            }
        }
    }

    private static Object fill(OutputStream out) throws IOException {
        byte[] block = new byte[64 * 1024];
        while (true) {
            out.write(block);
        }
    }

    /** What a thread finds that was interrupted before its call. */
    private void afterInterrupt(String on, Function<Report.Action, Background> start) throws Exception {
        try (Sockets pair = Sockets.open()) {
            pair.server().getOutputStream().write(5);
            Background reader = start.apply(() -> {
                Thread.currentThread().interrupt();
                return pair.client().getInputStream().read();
            });
            report.print("interrupted before a read that need not wait" + on, reader.outcomeAndStatus());
            report.line("closed then" + on, pair.client()::isClosed);
        }
        try (Sockets pair = Sockets.open()) {
            Background writer = start.apply(() -> {
                Thread.currentThread().interrupt();
                pair.client().getOutputStream().write(5);
                return "written";
            });
            report.print("interrupted before a write" + on, writer.outcomeAndStatus());
        }
        try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK); Socket client = new Socket()) {
            Background connecting = start.apply(() -> {
                Thread.currentThread().interrupt();
                client.connect(s.getLocalSocketAddress());
                return "connected";
            });
            report.print("interrupted before a connect" + on, connecting.outcomeAndStatus());
        }
    }

    private void interruptedPlatformThreads() throws Exception {
        try (Sockets pair = Sockets.open()) {
            Background reader = Background.platform(() -> pair.client().getInputStream().read()).awaitBlocked();
            reader.interrupt();
            reader.awaitBlocked();
            pair.server().getOutputStream().write(5);
            report.print("read goes on", reader.outcomeAndStatus());
        }
        try (Sockets pair = Sockets.open()) {
            pair.client().setSoTimeout(2_000);
            Background reader = Background.platform(() -> pair.client().getInputStream().read());
            reader.interrupt();
            report.print("read times out", reader.outcomeAndStatus());
        }
        try (Sockets pair = Sockets.open()) {
            byte[] much = new byte[8_000_000];
            Background writer = Background.platform(() -> {
                pair.client().getOutputStream().write(much);
                return "written";
            }).awaitBlocked();
            writer.interrupt();
            writer.awaitBlocked();
            int received = pair.server().getInputStream().readNBytes(much.length).length;
            report.print("write goes on", writer.outcomeAndStatus() + " " + received);
        }
        try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK)) {
            Background accepting = Background.platform(() -> s.accept().isConnected()).awaitBlocked();
            accepting.interrupt();
            accepting.awaitBlocked();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            report.print("accept goes on", accepting.outcomeAndStatus());
        }
        try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK)) {
            s.setSoTimeout(60_000);
            Background accepting = Background.platform(() -> s.accept().isConnected()).awaitBlocked();
            accepting.interrupt();
            accepting.awaitBlocked();
            new Socket(LOOPBACK, s.getLocalPort()).close();
            report.print("accept with a time-out goes on", accepting.outcomeAndStatus());
        }
        try (BlackHole hole = new BlackHole(); Socket s = new Socket()) {
            Background connecting = Background.platform(() -> {
                s.connect(hole.address(), 3_000);
                return "connected";
            }).awaitBlocked();
            connecting.interrupt();
            report.print("connect times out", connecting.outcomeAndStatus());
        }
    }

    private void interruptedVirtualThreads() throws Exception {
        for (int timeout : new int[] {0, 60_000}) {
            String with = timeout > 0 ? " with a time-out" : "";
            try (Sockets pair = Sockets.open()) {
                pair.client().setSoTimeout(timeout);
                Background reader = Background.virtual(() -> pair.client().getInputStream().read()).awaitBlocked();
                reader.interrupt();
                report.print("interrupt ends read" + with, reader.outcomeAndStatus());
                report.line("socket is closed", pair.client()::isClosed);
                report.line("peer sees the end", () -> pair.server().getInputStream().read());
            }
            try (ServerSocket s = new ServerSocket(0, 50, LOOPBACK)) {
                s.setSoTimeout(timeout);
                Background accepting = Background.virtual(s::accept).awaitBlocked();
                accepting.interrupt();
                report.print("interrupt ends accept" + with, accepting.outcomeAndStatus());
                report.line("listener is closed", s::isClosed);
            }
            try (BlackHole hole = new BlackHole(); Socket s = new Socket()) {
                Background connecting = Background.virtual(() -> {
                    s.connect(hole.address(), timeout);
                    return "connected";
                }).awaitBlocked();
                connecting.interrupt();
                report.print("interrupt ends connect" + with, connecting.outcomeAndStatus());
                report.line("connecting socket is closed", s::isClosed);
            }
        }
        try (Sockets pair = Sockets.open()) {
            Background writer = Background.virtual(() -> fill(pair.client().getOutputStream())).awaitBlocked();
            writer.interrupt();
            report.print("interrupt ends write", writer.outcomeAndStatus());
            report.line("writing socket is closed", pair.client()::isClosed);
        }
        try (Sockets pair = Sockets.open()) {
            Background reader = Background.virtual(() -> {
                Thread.currentThread().interrupt();
                return pair.client().getInputStream().read();
            });
            report.print("interrupted before a read that waits", reader.outcomeAndStatus());
        }
    }
}
