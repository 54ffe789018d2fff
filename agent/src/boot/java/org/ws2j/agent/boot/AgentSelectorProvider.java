package org.ws2j.agent.boot;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BiFunction;

/**
 * The provider that the JDK makes by its name, and through it the way from the JDK to the agent: the changed methods of the JDK
 * ask the provider that there is for their result. (A class on the boot class path would be another way, but to lengthen that
 * takes the shared archive from the program's classes, with a warning.)
 */
public final class AgentSelectorProvider extends SelectorProvider implements BiFunction<Object, Object, Object> {
    /** What there is one of in a JVM; null until the agent is installed. */
    private static volatile AgentNetworking networking;

    /** For the JDK. */
    public AgentSelectorProvider() {}

    /**
     * Sets what all providers forward to.
     *
     * @param value what they forward to; null while that is nothing
     */
    public static void forwardTo(AgentNetworking value) {
        networking = value;
    }

    /** {@return what all providers forward to; null before an agent is installed} */
    public static AgentNetworking networking() {
        return networking;
    }

    private static SelectorProvider channels() throws IOException {
        return networking.channels();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return channels().openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return channels().openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return networking.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return channels().openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return channels().openServerSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return channels().openSocketChannel();
    }

    /**
     * Makes a stream channel of a family; overrides what Java 8 does not have.
     *
     * @param family the family
     * @return the channel
     * @throws IOException as the method that it overrides
     */
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return networking.openSocketChannel(family);
    }

    /**
     * Makes a server channel of a family; overrides what Java 8 does not have.
     *
     * @param family the family
     * @return the channel
     * @throws IOException as the method that it overrides
     */
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return networking.openServerSocketChannel(family);
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return networking.inheritedChannel();
    }

    @Override
    public Object apply(Object what, Object about) {
        try {
            return networking.result(what, about);
        } catch (IOException e) {
            AgentSelectorProvider.<RuntimeException>throwUnchecked(e);
            throw new AssertionError("not reached", e);
        }
    }

    /** The caller, a method of the JDK, declares what this interface cannot. */
    @SuppressWarnings("unchecked") // That the cast checks nothing is the purpose.
    private static <X extends Exception> void throwUnchecked(IOException e) throws X {
        throw (X) e;
    }
}
