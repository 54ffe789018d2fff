package org.ws2j.agent.install;

import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.ws2j.agent.boot.AgentAsynchronousChannelProvider;
import org.ws2j.agent.boot.AgentNetworking;
import org.ws2j.agent.boot.AgentSelectorProvider;
import org.ws2j.agent.boot.InstallationException;

/** Makes the agent's providers those of this JVM, by the properties that name them. */
public final class ProviderProperties {
    private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";
    private static final String ASYNCHRONOUS = "java.nio.channels.spi.AsynchronousChannelProvider";

    private ProviderProperties() {}

    /**
     * Sets the properties, and has the JDK make the providers at once: it does so only once, and nobody can come between then.
     *
     * @param networking what they forward to
     * @throws InstallationException if somebody has chosen other providers, or was there first; the properties are as they were
     */
    public static void install(AgentNetworking networking) throws InstallationException {
        checkUnset(SELECTORS);
        checkUnset(ASYNCHRONOUS);
        AgentSelectorProvider.forwardTo(networking);
        set(SELECTORS, AgentSelectorProvider.class);
        check(SELECTORS, SelectorProvider.provider(), AgentSelectorProvider.class);
        set(ASYNCHRONOUS, AgentAsynchronousChannelProvider.class);
        check(ASYNCHRONOUS, AsynchronousChannelProvider.provider(), AgentAsynchronousChannelProvider.class);
    }

    private static void checkUnset(String property) throws InstallationException {
        String name = System.getProperty(property);
        if (AgentSelectorProvider.class.getName().equals(name)) {
            throw new InstallationException("another agent of ws2j is in this JVM");
        }
        if (name != null) {
            throw new InstallationException("channels are " + name + "'s by -D" + property + ", leave that out");
        }
    }

    private static void set(String property, Class<?> provider) {
        System.setProperty(property, provider.getName());
    }

    private static void check(String property, Object provider, Class<?> wanted) throws InstallationException {
        if (provider.getClass() != wanted) {
            System.clearProperty(property);
            throw new InstallationException(
                    "channels were in use before the agent came (" + provider.getClass().getName()
                            + "): put -javaagent of ws2j before that of any other agent");
        }
    }
}
