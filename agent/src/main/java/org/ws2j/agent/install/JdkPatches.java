package org.ws2j.agent.install;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.EnumSet;
import org.ws2j.agent.boot.InstallationException;

/**
 * Changes the {@link JdkMethod}s when their classes are loaded, or again when they are there already. It stays in the JVM: when
 * another agent has one of these classes made anew, they are to be changed as before.
 */
public final class JdkPatches implements ClassFileTransformer {
    private static final JdkMethod[] METHODS = JdkMethod.values();

    private final NativeTransports nativeTransports;

    /** Guarded by this, as the next one: classes are loaded by any thread. */
    private final EnumSet<JdkMethod> changed = EnumSet.noneOf(JdkMethod.class);

    /** Why the last one failed; null while none has. */
    private RuntimeException failure;

    /**
     * Makes it, without a change yet.
     *
     * @param nativeTransports is told which classes of the program are loaded
     */
    public JdkPatches(NativeTransports nativeTransports) {
        this.nativeTransports = nativeTransports;
    }

    /**
     * Changes the methods, all or none.
     *
     * @param instrumentation the JVM
     * @throws InstallationException if one of them is not as this agent knows it
     */
    public void install(Instrumentation instrumentation) throws InstallationException {
        instrumentation.addTransformer(this, true);
        boolean isDone = false;
        try {
            for (JdkMethod method : METHODS) {
                // Not initialized, for that takes its time, and belongs to the program.
                Class<?> owner = Class.forName(method.ownerName(), false, null);
                if (!isChanged(method)) {
                    instrumentation.retransformClasses(owner);
                }
                if (!isChanged(method)) {
                    throw failed(method);
                }
            }
            isDone = true;
        } catch (ClassNotFoundException | UnmodifiableClassException | RuntimeException | LinkageError e) {
            throw new InstallationException("this JDK is not as the agent knows it (" + e + ")");
        } finally {
            if (!isDone) {
                instrumentation.removeTransformer(this);
                restore(instrumentation);
            }
        }
    }

    private synchronized boolean isChanged(JdkMethod method) {
        return changed.contains(method);
    }

    private synchronized InstallationException failed(JdkMethod method) {
        return new InstallationException(
                "this JDK's " + method.owner() + " is not as the agent knows it (" + failure + ")");
    }

    private synchronized void restore(Instrumentation instrumentation) {
        try {
            for (JdkMethod each : changed) {
                instrumentation.retransformClasses(Class.forName(each.ownerName(), false, null));
            }
        } catch (ClassNotFoundException | UnmodifiableClassException e) {
            throw new IllegalStateException("what has been changed can be changed back", e);
        }
    }

    @Override
    public byte[] transform(ClassLoader loader, String name, Class<?> existing, ProtectionDomain domain, byte[] bytes) {
        if (loader != null || NativeTransports.OF_THE_JDK.equals(name)) {
            nativeTransports.loading(name);
            return null;
        }
        byte[] result = null;
        for (JdkMethod method : METHODS) {
            if (method.owner().equals(name)) {
                result = change(method, result == null ? bytes : result);
            }
        }
        return result;
    }

    private synchronized byte[] change(JdkMethod method, byte[] bytes) {
        try {
            byte[] result = method.changed(new ClassFile(bytes));
            changed.add(method);
            return result;
        } catch (RuntimeException e) {
            failure = e;
            return bytes;
        }
    }
}
