package org.ws2j.programs;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Netty on NIO: an echo over UDP, one datagram after the other, so that none is lost on the way. */
public final class NettyUdpProgram {
    private static final int DATAGRAMS = 50;
    private static final int SIZE = 1_200;

    private NettyUdpProgram() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        Program.run(NettyUdpProgram::work);
    }

    /** {@return the datagrams} */
    public static List<Payload> payloads() {
        List<Payload> payloads = new ArrayList<>();
        for (int i = 0; i < DATAGRAMS; i++) {
            payloads.add(new Payload("datagram " + i, SIZE - i));
        }
        return payloads;
    }

    private static void work() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
            Channel server = open(loops, new Echo());
            Channel client = open(loops, new Collector(answers));
            for (Payload payload : payloads()) {
                DatagramPacket packet = new DatagramPacket(Unpooled.wrappedBuffer(payload.bytes()),
                        (InetSocketAddress) server.localAddress());
                client.writeAndFlush(packet).sync();
                Program.received("datagram", payload, answers.poll(Program.LIMIT.toSeconds(), TimeUnit.SECONDS));
            }
            client.close().sync();
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, Program.LIMIT.toSeconds(), TimeUnit.SECONDS).sync();
        }
    }

    private static Channel open(EventLoopGroup loops, ChannelHandler handler) throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(handler)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    private static final class Echo extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            context.writeAndFlush(new DatagramPacket(packet.content().retain(), packet.sender()));
        }
    }

    private static final class Collector extends SimpleChannelInboundHandler<DatagramPacket> {
        private final BlockingQueue<byte[]> answers;

        Collector(BlockingQueue<byte[]> answers) {
            this.answers = answers;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            answers.add(ByteBufUtil.getBytes(packet.content()));
        }
    }
}
