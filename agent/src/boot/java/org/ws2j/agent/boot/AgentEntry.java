package org.ws2j.agent.boot;

import java.lang.instrument.Instrumentation;

/** What the start calls in the isolated part of the agent. */
public interface AgentEntry {

    /**
     * Installs the agent in this JVM.
     *
     * @param options what it is to do
     * @param instrumentation the JVM
     * @throws InstallationException if it cannot be installed; nothing of it is left in the program's way then
     */
    void install(AgentOptions options, Instrumentation instrumentation) throws InstallationException;
}
