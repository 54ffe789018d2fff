package org.ws2j.agent.behaviour;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.ws2j.agent.behaviour.SocketPair.Channels;

/** How blocked calls on channels end: closing from another thread, interrupts. */
final class ChannelEndingBehaviour {
    private final Report report;

    ChannelEndingBehaviour(Report report) {
        this.report = report;
    }

    void run() throws Exception {
        report.topic("Channels, close and interrupt");
        ending("", Background::platform);
        ending(", virtual", Background::virtual);
    }

    private void ending(String on, Function<Report.Action, Background> start) throws Exception {
        for (boolean interrupt : new boolean[] {false, true}) {
            String by = (interrupt ? "interrupt ends " : "close ends ");
            try (Channels pair = Channels.open()) {
                SocketChannel c = pair.client();
                end(by + "read" + on, c, interrupt, start.apply(() -> c.read(ByteBuffer.allocate(1))));
            }
            try (Channels pair = Channels.open()) {
                SocketChannel c = pair.client();
                end(by + "scattering read" + on, c, interrupt,
                        start.apply(() -> c.read(new ByteBuffer[] {ByteBuffer.allocate(1), ByteBuffer.allocate(1)})));
            }
            try (Channels pair = Channels.open()) {
                SocketChannel c = pair.client();
                end(by + "write" + on, c, interrupt, start.apply(() -> fill(c)));
            }
            try (ServerSocketChannel s = ServerSocketChannel.open().bind(SocketPair.anyPort())) {
                end(by + "accept" + on, s, interrupt, start.apply(s::accept));
            }
            try (BlackHole hole = new BlackHole(); SocketChannel c = SocketChannel.open()) {
                end(by + "connect" + on, c, interrupt, start.apply(() -> c.connect(hole.address())));
            }
            try (DatagramChannel d = DatagramChannel.open().bind(SocketPair.anyPort())) {
                end(by + "receive" + on, d, interrupt, start.apply(() -> d.receive(ByteBuffer.allocate(1))));
            }
            try (Channels pair = Channels.open()) {
                SocketChannel c = pair.client();
                end(by + "the adaptor's read" + on, c, interrupt,
                        start.apply(() -> c.socket().getInputStream().read()));
            }
        }
        before(on, start);
    }

    private void end(String name, Channel channel, boolean interrupt, Background blocked) throws Exception {
        blocked.awaitBlocked();
        if (interrupt) {
            blocked.interrupt();
        } else {
            channel.close();
        }
        report.print(name, blocked.outcomeAndStatus() + " open " + channel.isOpen());
    }

    private static Object fill(SocketChannel c) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(64 * 1024);
        c.configureBlocking(false);
        int refused = 0;
        while (refused < 3) {
            refused += c.write(block.clear()) == 0 ? 1 : 0;
        }
        c.configureBlocking(true);
        try {
            while (true) { // Byte by byte, so that the end finds it in the middle of none.
                c.write(block.limit(1).position(0));
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) { // Which one depends on whether there was room at that moment.
            return "closed";
        }
    }

    private void before(String on, Function<Report.Action, Background> start) throws Exception {
        try (Channels pair = Channels.open()) {
            pair.server().write(ByteBuffer.wrap(new byte[1]));
            Background reader = start.apply(() -> {
                Thread.currentThread().interrupt();
                return pair.client().read(ByteBuffer.allocate(1));
            });
            report.print("interrupted before a read" + on,
                    reader.outcomeAndStatus() + " open " + pair.client().isOpen());
        }
        try (Channels pair = Channels.open()) {
            pair.client().configureBlocking(false);
            Background reader = start.apply(() -> {
                Thread.currentThread().interrupt();
                return pair.client().read(ByteBuffer.allocate(1));
            });
            report.print("interrupted before a non-blocking read" + on,
                    reader.outcomeAndStatus() + " open " + pair.client().isOpen());
        }
        try (Channels pair = Channels.open()) {
            Background writer = start.apply(() -> {
                Thread.currentThread().interrupt();
                return pair.client().write(ByteBuffer.allocate(1));
            });
            report.print("interrupted before a write" + on,
                    writer.outcomeAndStatus() + " open " + pair.client().isOpen());
        }
    }
}
