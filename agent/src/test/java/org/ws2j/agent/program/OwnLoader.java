package org.ws2j.agent.program;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** A program's own system class loader, which has the class path from the JDK's. */
public final class OwnLoader extends URLClassLoader {
    public OwnLoader(ClassLoader parent) {
        super(new URL[0], parent);
    }

    /** The JVM calls it for the jar of an agent. */
    void appendToClassPathForInstrumentation(String path) throws MalformedURLException {
        addURL(Path.of(path).toUri().toURL());
    }
}
