package org.ws2j.agent.boot;

import java.lang.instrument.Instrumentation;

/**
 * Where a JVM starts the agent: {@code -javaagent:ws2j-agent.jar=OPTIONS}, with options as {@link AgentOptions} says.
 *
 * <p>It has to load and run on any JVM since 8, so neither it nor what it uses before it has looked at the version refers to
 * anything younger.
 */
public final class Premain {
    private static final int NEEDED_RELEASE = 25;
    private static final int FAILURE = 1;

    private Premain() {}

    /**
     * Installs the agent, or says in one line on the standard error why it cannot; the program runs then without layers, or with
     * {@code strict} not at all.
     *
     * @param arguments what stands behind the jar's name, null if nothing does
     * @param instrumentation the JVM
     */
    public static void premain(String arguments, Instrumentation instrumentation) {
        AgentOptions options = AgentOptions.NONE;
        try {
            options = AgentOptions.parse(arguments);
            checkRelease(System.getProperty("java.specification.version"));
            AgentLoader.agent().install(options, instrumentation);
        } catch (InstallationException e) {
            giveUp(e.getMessage(), options.isStrict() || e.isFatal());
        } catch (Exception | LinkageError e) {
            giveUp(e.toString(), options.isStrict());
        }
    }

    private static void checkRelease(String version) throws InstallationException {
        // Up to Java 8 versions begin with "1.".
        int release = version.startsWith("1.") ? Integer.parseInt(version.substring(2)) : Integer.parseInt(version);
        if (release < NEEDED_RELEASE) {
            throw new InstallationException("this JVM is Java " + release + " and layers need " + NEEDED_RELEASE);
        }
    }

    private static void giveUp(String why, boolean isFatal) {
        if (isFatal) {
            System.err.println("ws2: " + why + ": the program is not started");
            // An exception would end the JVM, too, but with a dump of its memory.
            System.exit(FAILURE);
        }
        System.err.println("ws2: " + why + ": the program runs without these layers");
    }
}
