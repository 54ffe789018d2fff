package org.ws2j.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ws2j.bench.measure.Side;

/**
 * Ping-pong over Netty's LocalChannel. Netty hands a buffer over as it is, so each end copies: into a buffer at the sender,
 * out of it at the receiver. That is the job of the other sides: from a program's bytes to a program's bytes.
 */
public final class LocalPingPong implements Side {
    private final String name;
    private final byte[] message;
    private final Semaphore done = new Semaphore(0);
    private final Local local;

    public LocalPingPong(String name, int size) throws InterruptedException {
        this.name = name;
        message = new byte[size];
        local = new Local(name, new Pings(), new Echo(size));
    }

    /** At the client: sends the next message when the last one has come back. */
    private final class Pings extends ChannelInboundHandlerAdapter {
        private int left;

        @Override
        public void channelRead(ChannelHandlerContext context, Object received) {
            take((ByteBuf) received, message);
            left--;
            if (left == 0) {
                done.release();
            } else {
                var _ = context.writeAndFlush(copy(context, message), context.voidPromise());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object operations) {
            left = (Integer) operations;
            var _ = context.writeAndFlush(copy(context, message), context.voidPromise());
        }
    }

    /** At the server: sends back what it gets. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final byte[] echoed;

        private Echo(int size) {
            echoed = new byte[size];
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object received) {
            take((ByteBuf) received, echoed);
            var _ = context.writeAndFlush(copy(context, echoed), context.voidPromise());
        }
    }

    private static void take(ByteBuf received, byte[] into) {
        received.readBytes(into);
        received.release();
    }

    private static ByteBuf copy(ChannelHandlerContext context, byte[] bytes) {
        return context.alloc().buffer(bytes.length).writeBytes(bytes);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(int operations) throws InterruptedException {
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
