package org.ws2j.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A thread as the operating system sees it, which alone knows what it does inside a function of C. */
final class SystemThread {
    private static final Path SELF = Path.of("/proc/thread-self");
    private static final char SLEEPING = 'S';

    /** Null where the system does not tell. */
    private final Path status;

    private SystemThread(Path status) {
        this.status = status;
    }

    /** {@return the calling thread} */
    static SystemThread current() {
        try {
            return new SystemThread(SELF.resolveSibling(Files.readSymbolicLink(SELF)).resolve("stat"));
        } catch (IOException | UnsupportedOperationException e) {
            return new SystemThread(null);
        }
    }

    /** {@return whether it waits for something} */
    boolean isAsleep() {
        try {
            return status != null && state(Files.readString(status, StandardCharsets.ISO_8859_1)) == SLEEPING;
        } catch (IOException e) {
            return false; // It has ended.
        }
    }

    /** The state follows the name, which stands in parentheses and may have some of its own. */
    private static char state(String line) {
        return line.charAt(line.lastIndexOf(')') + 2);
    }
}
