package org.ws2j.bench.program;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.net.ServerSocket;
import java.security.ProtectionDomain;

/** An agent that looks at each class and has one made anew, and changes nothing: what any agent of that kind costs a start. */
public final class BareAgent implements ClassFileTransformer {
    private BareAgent() {}

    /** For the JVM. */
    public static void premain(String arguments, Instrumentation instrumentation) throws UnmodifiableClassException {
        instrumentation.addTransformer(new BareAgent(), true);
        instrumentation.retransformClasses(ServerSocket.class);
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> existing, ProtectionDomain domain, byte[] bytes) {
        return null;
    }
}
