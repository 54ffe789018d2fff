package org.ws2j.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * An end that is read as an event loop reads: the selector says when, then a non-blocking call takes what is there. The
 * same loop serves the JDK's channels and the host's sockets; they differ in the two calls alone.
 */
abstract class SelectedEnd implements End {
    private final Selector selector;
    private final SelectionKey key;

    SelectedEnd(SocketChannel below) throws IOException {
        selector = Selector.open();
        key = below.register(selector, SelectionKey.OP_READ);
    }

    /** {@return how many bytes were taken, 0 for none at present} */
    abstract int tryWrite(ByteBuffer source) throws IOException;

    /** {@return how many bytes were read, 0 for none at present, negative at the end} */
    abstract int tryRead(ByteBuffer target) throws IOException;

    /** The call that follows tells what is ready. */
    private static void seen(SelectionKey key) {}

    abstract void closeSocket() throws IOException;

    @Override
    public final void write(ByteBuffer source) throws IOException {
        tryWrite(source);
        if (source.hasRemaining()) {
            writeRest(source);
        }
    }

    private void writeRest(ByteBuffer source) throws IOException {
        key.interestOps(SelectionKey.OP_WRITE);
        while (source.hasRemaining()) {
            selector.select(SelectedEnd::seen);
            tryWrite(source);
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    @Override
    public final int read(ByteBuffer target) throws IOException {
        int n = 0;
        while (n == 0) {
            selector.select(SelectedEnd::seen);
            n = tryRead(target);
        }
        return n;
    }

    @Override
    public final void close() throws IOException {
        closeSocket();
        selector.close();
    }
}
