package org.ws2j.bench.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.util.concurrent.TimeUnit;

/** A connection of Netty's LocalChannel, whose ends have an event loop, which is to say a thread, of their own each. */
final class Local implements AutoCloseable {
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final Channel client;

    Local(String name, ChannelHandler atClient, ChannelHandler atServer) throws InterruptedException {
        LocalAddress address = new LocalAddress(name);
        Channel listener = new ServerBootstrap().group(servers).channel(LocalServerChannel.class).childHandler(atServer)
                .bind(address).sync().channel();
        client = new Bootstrap().group(clients).channel(LocalChannel.class).handler(atClient)
                .connect(address).sync().channel();
        listener.close().sync();
    }

    Channel client() {
        return client;
    }

    @Override
    public void close() throws InterruptedException {
        client.close().sync();
        // The server's end still has something to tell the client's loop.
        servers.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        clients.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
}
