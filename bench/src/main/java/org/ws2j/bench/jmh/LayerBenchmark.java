package org.ws2j.bench.jmh;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ws2j.bench.stack.NullModule;
import org.ws2j.bench.stack.Stack;
import org.ws2j.host.Winsock;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

/** A transfer through pass-through layers down to a base that does nothing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LayerBenchmark {
    /** How many layers. */
    @Param({"0", "1", "3"})
    public int layers;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    private Stack stack;
    private Winsock winsock;
    private SocketHandle socket;

    @Setup
    public void open() throws WinsockException {
        stack = Stack.of(new NullModule(), layers);
        winsock = stack.winsock();
        socket = stack.stream();
    }

    @TearDown
    public void close() {
        stack.close();
    }

    @Benchmark
    public int send() throws WinsockException {
        return winsock.send(socket, buffer.clear(), 0);
    }

    @Benchmark
    public int receive() throws WinsockException {
        return winsock.recv(socket, buffer.clear(), 0);
    }
}
