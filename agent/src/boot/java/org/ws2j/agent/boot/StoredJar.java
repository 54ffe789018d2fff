package org.ws2j.agent.boot;

import java.io.IOException;
import java.io.InputStream;

/**
 * A jar within a jar, of which nothing is compressed: one entry of the outer one, whatever number of classes there are in it, for
 * the JVM reads the list of entries of each jar on the class path when it starts.
 *
 * <pre>
 *   file …:        header, 30 bytes, the lengths of two texts at 26 and 28 | texts | content
 *   directory …:   signature, 46 bytes with method at 10, length at 24, lengths of three texts at 28, 30, 32, place at 42 | texts
 *   end:           22 bytes, the number of files at 10, the directory's place at 16
 * </pre>
 */
final class StoredJar {
    private static final int END = 22;
    private static final int DIRECTORY = 46;
    private static final int FILE = 30;

    private final byte[] bytes;
    private final int files;
    private final int directory;

    private StoredJar(byte[] bytes) {
        this.bytes = bytes;
        this.files = two(bytes.length - END + 10);
        this.directory = four(bytes.length - END + 16);
    }

    /**
     * Reads a jar.
     *
     * @param in where it comes from
     * @param length how long it is
     * @return the jar
     * @throws IOException if it cannot be read
     */
    static StoredJar read(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            int more = in.read(bytes, at, length - at);
            if (more < 0) {
                throw new IOException("the agent's jar is cut off");
            }
            at += more;
        }
        return new StoredJar(bytes);
    }

    /** {@return the bytes of all files} */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Looks a file up.
     *
     * @param name its name, in ASCII
     * @return where the directory tells of it, or -1 if it is not there
     */
    int find(String name) {
        int at = directory;
        for (int i = 0; i < files; i++) {
            if (two(at + 28) == name.length() && isNamed(at + DIRECTORY, name)) {
                return at;
            }
            at += DIRECTORY + two(at + 28) + two(at + 30) + two(at + 32);
        }
        return -1;
    }

    private boolean isNamed(int at, String name) {
        // From the end, because the names of most classes begin alike.
        for (int i = name.length() - 1; i >= 0; i--) {
            if (bytes[at + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells how long a file is.
     *
     * @param entry where the directory tells of it
     * @return its length in bytes
     */
    int length(int entry) {
        return four(entry + 24);
    }

    /**
     * Tells where a file begins.
     *
     * @param entry where the directory tells of it
     * @return its first byte
     */
    int start(int entry) {
        int file = four(entry + 42);
        return file + FILE + two(file + 26) + two(file + 28);
    }

    private int two(int at) {
        return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << 8);
    }

    private int four(int at) {
        return two(at) | (two(at + 2) << 16);
    }
}
