package org.ws2j.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.ws2j.bench.stack.SelectableStack;
import org.ws2j.bench.stack.Stack;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WspResult;

/** Connections between two sockets of a host, in the styles that a program may use. */
public final class WinsockEnds {
    private WinsockEnds() {}

    /** {@return a connection by blocking calls; the stack is closed with it} */
    public static Connection blocking(Stack stack) throws WinsockException {
        Stack.Pair pair = stack.pair();
        Winsock winsock = stack.winsock();
        return new Connection(new BlockingEnd(winsock, pair.client()), new BlockingEnd(winsock, pair.server()), stack);
    }

    /** {@return a connection as that of a stack, in a stack of its own, which is closed with it} */
    public static Connection selected(int layers) throws IOException {
        SelectableStack stack = new SelectableStack(layers);
        Connection connection = selected(stack);
        return new Connection(connection.client(), connection.server(), stack);
    }

    /**
     * {@return a connection by non-blocking calls; when, a selector of the program's own says, which has the channel below
     * as nobody in the chain holds data back}
     */
    public static Connection selected(SelectableStack stack) throws IOException {
        SelectableStack.SelectablePair pair = stack.pair();
        Winsock winsock = stack.winsock();
        return new Connection(selected(winsock, pair.client(), pair.below()),
                selected(winsock, pair.server(), pair.belowServer()));
    }

    /** {@return a connection by non-blocking calls; when, {@code select} says} */
    public static Connection selecting(Stack stack) throws WinsockException {
        Stack.Pair pair = stack.nonBlocking(stack.pair());
        Winsock winsock = stack.winsock();
        return new Connection(new SelectingEnd(winsock, pair.client()), new SelectingEnd(winsock, pair.server()),
                stack);
    }

    /** {@return a connection by overlapped calls, whose completions are taken from a port at each end} */
    public static Connection overlapped(Stack stack) throws WinsockException {
        Stack.Pair pair = stack.pair();
        Winsock winsock = stack.winsock();
        return new Connection(new OverlappedEnd(winsock, pair.client()), new OverlappedEnd(winsock, pair.server()),
                stack);
    }

    private record BlockingEnd(Winsock winsock, SocketHandle s) implements End {
        @Override
        public void write(ByteBuffer source) throws WinsockException {
            winsock.send(s, source, 0);
        }

        @Override
        public int read(ByteBuffer target) throws WinsockException {
            return winsock.recv(s, target, 0);
        }

        @Override
        public void close() throws WinsockException {
            winsock.closesocket(s);
        }
    }

    private static End selected(Winsock winsock, SocketHandle s, SocketChannel below) throws IOException {
        return new SelectedEnd(below) {
            @Override
            int tryWrite(ByteBuffer source) throws IOException {
                return winsock.send(s, source, 0);
            }

            @Override
            int tryRead(ByteBuffer target) throws IOException {
                int n = winsock.recv(s, target, 0);
                return n == WspResult.WOULD_BLOCK ? 0 : n == 0 ? -1 : n;
            }

            @Override
            void closeSocket() throws IOException {
                winsock.closesocket(s);
            }
        };
    }
}
