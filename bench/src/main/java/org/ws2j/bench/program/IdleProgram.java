package org.ws2j.bench.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.ws2j.bench.measure.Heap;

/**
 * Has connections that nothing happens on, in one selector. It says its port first; to {@code accept N} it answers the bytes of
 * heap that are in use when it has so many more connections, to {@code idle MILLISECONDS} how often the thread that selects has
 * run in that time.
 */
public final class IdleProgram {
    private static final int BACKLOG = 1_000;

    private final Selector selector;
    private final ServerSocketChannel listener;

    private IdleProgram() throws IOException {
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    }

    /** Needs nothing. */
    public static void main(String[] arguments) throws Exception {
        IdleProgram program = new IdleProgram();
        System.out.println(((InetSocketAddress) program.listener.getLocalAddress()).getPort());
        try (BufferedReader commands = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ", 2);
                int number = Integer.parseInt(words[1]);
                System.out.println(words[0].equals("accept") ? program.accept(number) : program.idle(number));
            }
        }
    }

    private long accept(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel accepted = listener.accept();
            accepted.configureBlocking(false);
            accepted.register(selector, SelectionKey.OP_READ);
        }
        selector.selectNow();
        return Heap.used();
    }

    private long idle(int milliseconds) throws Exception {
        SelectingThread thread = SelectingThread.start(selector);
        try {
            return thread.runsIn(milliseconds);
        } finally {
            thread.end();
        }
    }
}
