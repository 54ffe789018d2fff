package org.ws2j.agent.install;

import java.lang.instrument.Instrumentation;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.Set;
import sun.nio.ch.DefaultAsynchronousChannelProvider;
import sun.nio.ch.DefaultSelectorProvider;

/** The JDK's own providers, and the packages of the JDK that its sockets cannot be replaced without. */
public final class JdkAccess {
    private JdkAccess() {}

    /**
     * Opens to the agent, and to nobody else, what it needs of the JDK. Before that no class may be loaded that extends or calls
     * what is not public.
     *
     * @param instrumentation the JVM
     */
    public static void open(Instrumentation instrumentation) {
        Set<Module> agent = Set.of(JdkAccess.class.getModule());
        instrumentation.redefineModule(
                Object.class.getModule(),
                Set.of(),
                Map.of("sun.nio.ch", agent, "sun.net", agent, "jdk.internal.access", agent),
                Map.of("java.net", agent),
                Set.of(),
                Map.of());
    }

    /** {@return the JDK's provider of channels, whatever the property says} */
    public static SelectorProvider channels() {
        return DefaultSelectorProvider.get();
    }

    /** {@return the JDK's provider of asynchronous channels, whatever the property says} */
    public static AsynchronousChannelProvider asynchronousChannels() {
        return DefaultAsynchronousChannelProvider.create();
    }
}
