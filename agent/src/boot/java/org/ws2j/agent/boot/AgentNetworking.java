package org.ws2j.agent.boot;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;

/**
 * What the classes that the JDK knows by name forward to. Any thread may call it; the first call that needs the network starts
 * it.
 */
public interface AgentNetworking {

    /**
     * {@return what makes channels and selectors}
     *
     * @throws IOException if the network cannot be started
     */
    SelectorProvider channels() throws IOException;

    /**
     * Makes a stream channel of a family; Java 8 has no such method of {@link SelectorProvider}.
     *
     * @param family the family
     * @return the channel
     * @throws IOException if the network cannot be started, or has no more sockets
     */
    SocketChannel openSocketChannel(ProtocolFamily family) throws IOException;

    /**
     * Makes a server channel of a family, as {@link #openSocketChannel}.
     *
     * @param family the family
     * @return the channel
     * @throws IOException if the network cannot be started, or has no more sockets
     */
    ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException;

    /**
     * Makes a pipe.
     *
     * @return the pipe
     * @throws IOException if that fails
     */
    Pipe openPipe() throws IOException;

    /**
     * {@return the channel that the process has inherited; null for none}
     *
     * @throws IOException if that fails
     */
    Channel inheritedChannel() throws IOException;

    /**
     * {@return what makes asynchronous channels}
     *
     * @throws IOException if the network cannot be started
     */
    AsynchronousChannelProvider asynchronousChannels() throws IOException;

    /**
     * Answers a changed method of the JDK what it returns instead of its own result.
     *
     * @param what that result, or the class of what it would have made
     * @param about what it was made of; null where that does not matter
     * @return what the method returns
     * @throws IOException if the network cannot be started; only methods that throw it themselves call then
     */
    Object result(Object what, Object about) throws IOException;
}
