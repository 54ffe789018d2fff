package org.ws2j.agent.boot;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads what lies in the agent's jar below a folder of its own, so that it meets neither the classes nor the libraries of the
 * program. Of the class path it sees this package alone.
 */
public final class AgentLoader extends ClassLoader {
    private static final String FOLDER = "isolated/";
    private static final String AGENT = "org.ws2j.agent.Agent";
    private static final String BOOT = AgentLoader.class.getName().substring(0, AgentLoader.class.getName().lastIndexOf('.') + 1);

    static {
        registerAsParallelCapable();
    }

    private final File file;
    /** Open as long as the JVM runs: it may load classes at any time. */
    private final ZipFile jar;

    /**
     * Makes a loader.
     *
     * @param file the agent's jar
     * @throws IOException if it cannot be read
     */
    AgentLoader(File file) throws IOException {
        super(ClassLoader.getSystemClassLoader().getParent());
        this.file = file;
        this.jar = new ZipFile(file);
    }

    /**
     * Loads the agent that lies in the jar of this class.
     *
     * @return the agent
     * @throws IOException if the jar cannot be read
     * @throws ReflectiveOperationException if the agent is not in it
     */
    static AgentEntry agent() throws IOException, ReflectiveOperationException {
        ClassLoader loader = new AgentLoader(jarOfThisClass());
        return loader.loadClass(AGENT).asSubclass(AgentEntry.class).getConstructor().newInstance();
    }

    private static File jarOfThisClass() throws IOException {
        URL place = AgentLoader.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return new File(new URI(place.toString()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("the agent's jar at " + place + " is no file", e);
        }
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
        ZipEntry entry = jar.getEntry(FOLDER + name.replace('.', '/') + ".class");
        if (entry == null) {
            throw new ClassNotFoundException(name);
        }
        try {
            byte[] bytes = read(entry);
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private byte[] read(ZipEntry entry) throws IOException {
        byte[] bytes = new byte[(int) entry.getSize()];
        try (InputStream in = jar.getInputStream(entry)) {
            new DataInputStream(in).readFully(bytes);
        }
        return bytes;
    }

    @Override
    protected URL findResource(String name) {
        String path = FOLDER + name;
        if (jar.getEntry(path) == null) {
            return null;
        }
        try {
            return new URI("jar:" + file.toURI() + "!/" + path).toURL();
        } catch (URISyntaxException | MalformedURLException e) {
            return null; // A name that no file in the jar can have.
        }
    }
}
