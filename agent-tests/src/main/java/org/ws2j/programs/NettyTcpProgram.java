package org.ws2j.programs;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty on NIO: an echo over TCP, with several connections at once, each of which the client half closes. */
public final class NettyTcpProgram {
    private static final int CONNECTIONS = 4;
    private static final int SIZE = 500_000;

    private NettyTcpProgram() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        Program.run(NettyTcpProgram::work);
    }

    /** {@return what goes over each connection} */
    public static List<Payload> payloads() {
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            payloads.add(new Payload("netty " + i, SIZE));
        }
        return payloads;
    }

    private static void work() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            Channel server = serve(loops);
            List<CompletableFuture<byte[]>> answers = new ArrayList<>();
            for (Payload payload : payloads()) {
                answers.add(exchange(loops, server, payload));
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                Program.received("echo", payloads().get(i), answers.get(i).get());
            }
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, Program.LIMIT.toSeconds(), TimeUnit.SECONDS).sync();
        }
    }

    private static Channel serve(EventLoopGroup loops) throws InterruptedException {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    private static CompletableFuture<byte[]> exchange(EventLoopGroup loops, Channel server, Payload payload) {
        Collector collector = new Collector(payload);
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(collector)
                .connect(server.localAddress())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        collector.answer.completeExceptionally(connected.cause());
                    }
                });
        return collector.answer;
    }

    /** Sends back what comes, and closes behind the end. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> context.close());
            }
        }
    }

    /** Sends the payload and its end, and collects what comes back. */
    private static final class Collector extends ChannelInboundHandlerAdapter {
        private final Payload payload;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

        Collector(Payload payload) {
            this.payload = payload;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.wrappedBuffer(payload.bytes()))
                    .addListener(sent -> ((SocketChannel) context.channel()).shutdownOutput());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            ByteBuf buffer = (ByteBuf) message;
            buffer.readBytes(bytes, buffer.readableBytes());
            buffer.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answer.complete(bytes.toByteArray());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answer.completeExceptionally(cause);
            context.close();
        }
    }
}
