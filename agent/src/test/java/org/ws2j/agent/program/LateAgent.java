package org.ws2j.agent.program;

import java.lang.instrument.Instrumentation;

/** An agent that has classes of the JDK made anew when those before it have changed them. */
public final class LateAgent {
    private LateAgent() {}

    public static void premain(String arguments, Instrumentation instrumentation) throws Exception {
        instrumentation.retransformClasses(Class.forName("java.net.SocketImpl"), Class.forName("sun.nio.ch.Streams"));
    }
}
