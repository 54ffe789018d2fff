package org.ws2j.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ws2j.bench.measure.Side;

/** A stream of chunks over Netty's LocalChannel; each chunk is copied into a buffer and out of it, see {@link LocalPingPong}. */
public final class LocalStream implements Side {
    private final String name;
    private final byte[] chunk = new byte[Stream.CHUNK];
    private final Semaphore done = new Semaphore(0);
    private final Local local;
    private volatile long expected;

    public LocalStream(String name) throws InterruptedException {
        this.name = name;
        local = new Local(name, new Sender(), new Receiver());
    }

    /** At the client: sends as long as there is room for it. */
    private final class Sender extends ChannelInboundHandlerAdapter {
        private int left;

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object operations) {
            left = (Integer) operations;
            send(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            send(context);
        }

        private void send(ChannelHandlerContext context) {
            while (left > 0 && context.channel().isWritable()) {
                left--;
                ByteBuf copy = context.alloc().buffer(chunk.length).writeBytes(chunk);
                var _ = context.writeAndFlush(copy, context.voidPromise());
            }
        }
    }

    /** At the server: counts what comes. */
    private final class Receiver extends ChannelInboundHandlerAdapter {
        private final byte[] target = new byte[Stream.CHUNK];
        private long received;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            int n = buffer.readableBytes();
            buffer.readBytes(target, 0, n);
            buffer.release();
            received += n;
            if (received == expected) {
                received = 0;
                done.release();
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int operations) throws InterruptedException {
        expected = (long) operations * Stream.CHUNK;
        local.client().pipeline().fireUserEventTriggered(operations);
        if (!done.tryAcquire(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(name + " came to a stop; Netty's log says why");
        }
    }

    @Override
    public void close() throws InterruptedException {
        local.close();
    }
}
