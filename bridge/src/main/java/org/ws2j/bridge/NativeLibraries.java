package org.ws2j.bridge;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * What is one for the whole process because the process's own list of loaded libraries is: the same file is the same library,
 * whichever host asks for it.
 */
final class NativeLibraries {
    private static final NativeLibraries KNOWN = new NativeLibraries();

    /** By real path; guarded by this. */
    private final Map<Path, NativeLibrary> libraries = new HashMap<>();

    /** By the numbers of the host; guarded by this. */
    private final Map<HandleNumbers, WeakReference<Session>> sessions = new WeakHashMap<>();

    /** Tables of upcalls that are ours, by their first function. */
    private final Map<Long, UpcallTable> tables = new ConcurrentHashMap<>();

    private NativeLibraries() {}

    static NativeLibraries known() {
        return KNOWN;
    }

    Map<Long, UpcallTable> tables() {
        return tables;
    }

    /** {@return the library in a file, loaded if it is not} */
    synchronized NativeLibrary library(Path file) throws WinsockException {
        Path real;
        try {
            real = file.toRealPath();
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSAEPROVIDERFAILEDINIT, "no such file: " + file, e);
        }
        NativeLibrary library = libraries.get(real);
        if (library == null) {
            library = NativeLibrary.open(real);
            libraries.put(real, library);
        }
        return library;
    }

    /** {@return the session of a host; the modules of one host share it} */
    synchronized Session session(HostServices services) {
        WeakReference<Session> reference = sessions.get(services.handleNumbers());
        Session session = reference == null ? null : reference.get();
        if (session == null) {
            session = new Session(services);
            sessions.put(services.handleNumbers(), new WeakReference<>(session));
        }
        return session;
    }
}
