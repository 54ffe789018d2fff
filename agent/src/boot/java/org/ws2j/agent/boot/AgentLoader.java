package org.ws2j.agent.boot;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads what lies in two jars within the agent's jar, so that it meets neither the classes nor the libraries of the program. Of the
 * class path it sees this package alone. One jar holds what the start of a program waits for, the other one all else.
 */
public final class AgentLoader extends ClassLoader {
    private static final String START = "start.jar";
    private static final String ALL_ELSE = "network.jar";
    private static final String AGENT = "org.ws2j.agent.Agent";
    private static final String BOOT = "org.ws2j.agent.boot.";

    static {
        registerAsParallelCapable();
    }

    private final File file;
    private final StoredJar start;

    /** Null until a class of it is needed; read twice if two threads need it first. */
    private volatile StoredJar allElse;

    private AgentLoader(File file) throws IOException {
        super(platform());
        this.file = file;
        this.start = read(START);
    }

    /** The loader of the JDK's own classes: above the program's system loader the JDK's may be, which has the class path, too. */
    private static ClassLoader platform() {
        ClassLoader loader = ClassLoader.getSystemClassLoader().getParent();
        while (loader != null && loader.getParent() != null) {
            loader = loader.getParent();
        }
        return loader;
    }

    /**
     * Loads the agent that lies in the jar of this class.
     *
     * @return the agent
     * @throws IOException if the jar cannot be read
     * @throws ReflectiveOperationException if the agent is not in it
     * @throws URISyntaxException if the jar is no file
     */
    static AgentEntry agent() throws IOException, ReflectiveOperationException, URISyntaxException {
        URL place = AgentLoader.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader loader = new AgentLoader(new File(place.toURI()));
        return (AgentEntry) loader.loadClass(AGENT).getConstructor().newInstance();
    }

    private StoredJar read(String name) throws IOException {
        try (ZipFile outer = new ZipFile(file)) {
            ZipEntry entry = outer.getEntry(name);
            return StoredJar.read(outer.getInputStream(entry), (int) entry.getSize());
        }
    }

    private StoredJar allElse() throws IOException {
        StoredJar known = allElse;
        if (known == null) {
            known = read(ALL_ELSE);
            allElse = known;
        }
        return known;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith(BOOT)) {
            return AgentLoader.class.getClassLoader().loadClass(name);
        }
        return super.loadClass(name, resolve);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try {
            Class<?> found = define(name, file, start);
            return found != null ? found : found(define(name, file, allElse()), name);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /** Finds a class of the module that lies here, or null; overrides what Java 8 does not have. */
    @SuppressWarnings("ProtectedMembersInFinalClass") // As what it overrides.
    protected Class<?> findClass(String module, String name) {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private Class<?> define(String name, String file, StoredJar jar) {
        int entry = jar.find(file);
        return entry < 0 ? null : defineClass(name, jar.bytes(), jar.start(entry), jar.length(entry));
    }

    private static Class<?> found(Class<?> found, String name) throws ClassNotFoundException {
        if (found == null) {
            throw new ClassNotFoundException(name);
        }
        return found;
    }
}
