package org.ws2j.layer.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ws2j.layer.trace.pcapng.PcapngFile;
import org.ws2j.spi.HostServices;

/**
 * The files that the trace layers of one host write to: one for each path, however many layers name it. When the JVM ends, the
 * files are written to their ends, whether or not anybody closes them.
 */
final class TraceFiles {
    /** Guards the members below. A file is opened and closed under it, so that nobody else opens it meanwhile. */
    private final Object lock = new Object();

    private final Map<Path, TraceFile> open = new HashMap<>();
    private final Set<Path> begun = new HashSet<>();

    /** Waits for the end of the JVM while there are files; else null. */
    private Thread ending;

    private boolean isEnding;

    /** Opens a file, or counts one more user. */
    TraceFile use(Path path, HostServices services) {
        synchronized (lock) {
            TraceFile file = open.computeIfAbsent(path, p -> new TraceFile(p, create(p, services)));
            file.used();
            if (ending == null) {
                awaitEnd();
            }
            if (isEnding) {
                file.pcapng().flushAlways();
            }
            return file;
        }
    }

    private void awaitEnd() {
        ending = new Thread(null, this::flushAlways, "ws2j-trace", 0, false);
        try {
            Runtime.getRuntime().addShutdownHook(ending);
        } catch (IllegalStateException e) { // It is there already.
            isEnding = true;
        }
    }

    private void flushAlways() {
        synchronized (lock) {
            isEnding = true;
            open.values().forEach(file -> file.pcapng().flushAlways());
        }
    }

    /** Takes a user off; the last one closes the file. */
    void leave(TraceFile file) {
        synchronized (lock) {
            if (file.left()) {
                open.remove(file.path());
                file.pcapng().close();
            }
            if (open.isEmpty() && !isEnding) {
                endIsNoConcern();
            }
        }
    }

    private void endIsNoConcern() {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
            ending = null;
        } catch (IllegalStateException e) { // It has begun; flushAlways will find nothing.
            isEnding = true;
        }
    }

    /** The traffic matters more than its trace: without a file, what is recorded goes nowhere. */
    private PcapngFile create(Path path, HostServices services) {
        try {
            return PcapngFile.writingTo(stream(path), e -> services.report("trace file " + path, e));
        } catch (IOException | RuntimeException e) {
            services.report("trace file " + path, e);
            return PcapngFile.writingTo(OutputStream.nullOutputStream(), failure -> {});
        }
    }

    /** A file that this host wrote before gets another section behind those it has. */
    private OutputStream stream(Path path) throws IOException {
        OutputStream stream = begun.contains(path)
                ? Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                : Files.newOutputStream(path);
        begun.add(path);
        return stream;
    }
}
