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

/** The files that the trace layers of one host write to: one for each path, however many layers name it. */
final class TraceFiles {
    /** Guards the two members below. A file is opened and closed under it, so that nobody else opens it meanwhile. */
    private final Object lock = new Object();

    private final Map<Path, TraceFile> open = new HashMap<>();
    private final Set<Path> begun = new HashSet<>();

    /** Opens a file, or counts one more user. */
    TraceFile use(Path path, HostServices services) {
        synchronized (lock) {
            TraceFile file = open.computeIfAbsent(path, p -> new TraceFile(p, create(p, services)));
            file.used();
            return file;
        }
    }

    /** Takes a user off; the last one closes the file. */
    void leave(TraceFile file) {
        synchronized (lock) {
            if (file.left()) {
                open.remove(file.path());
                file.pcapng().close();
            }
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
