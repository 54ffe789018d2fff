package org.ws2j.agent.install;

import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import org.ws2j.agent.boot.AgentAsynchronousChannelProvider;
import org.ws2j.agent.boot.AgentNetworking;
import org.ws2j.agent.boot.AgentSelectorProvider;
import org.ws2j.agent.boot.InstallationException;

/**
 * Makes the agent's providers those of this JVM, by the properties that name them. The properties are gone afterwards: a child JVM
 * with those of this one need not have the agent.
 */
public final class ProviderProperties {
    private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";
    private static final String ASYNCHRONOUS = "java.nio.channels.spi.AsynchronousChannelProvider";

    private ProviderProperties() {}

    /**
     * Has the JDK make the agent's provider of channels and selectors. It makes one only once, so from then on that is the
     * program's, come what may.
     *
     * @param networking what it forwards to, as does the other provider
     * @throws InstallationException if somebody has chosen other providers, or was there first; nothing is changed then
     */
    public static void installSelectors(AgentNetworking networking) throws InstallationException {
        if (AgentSelectorProvider.networking() != null) {
            throw new InstallationException("another agent of ws2j is in this JVM");
        }
        checkUnset(SELECTORS, AgentSelectorProvider.class);
        checkUnset(ASYNCHRONOUS, AgentAsynchronousChannelProvider.class);
        AgentSelectorProvider.forwardTo(networking); // Before anybody can ask for it.
        SelectorProvider made;
        System.setProperty(SELECTORS, AgentSelectorProvider.class.getName());
        try {
            made = SelectorProvider.provider();
        } finally {
            System.clearProperty(SELECTORS);
        }
        if (!(made instanceof AgentSelectorProvider)) {
            AgentSelectorProvider.forwardTo(null);
            throw tooLate(made);
        }
    }

    /**
     * Has the JDK make the agent's provider of asynchronous channels.
     *
     * @throws InstallationException if somebody was there first
     */
    public static void installAsynchronous() throws InstallationException {
        AsynchronousChannelProvider made;
        System.setProperty(ASYNCHRONOUS, AgentAsynchronousChannelProvider.class.getName());
        try {
            made = AsynchronousChannelProvider.provider();
        } finally {
            System.clearProperty(ASYNCHRONOUS);
        }
        if (!(made instanceof AgentAsynchronousChannelProvider)) {
            throw tooLate(made);
        }
    }

    private static void checkUnset(String property, Class<?> wanted) throws InstallationException {
        String name = System.getProperty(property);
        if (name != null && !name.equals(wanted.getName())) {
            throw new InstallationException("channels are " + name + "'s by -D" + property + ", leave that out");
        }
    }

    private static InstallationException tooLate(Object provider) {
        return new InstallationException("channels were in use before the agent came (" + provider.getClass().getName()
                + "): put -javaagent of ws2j before that of any other agent");
    }
}
