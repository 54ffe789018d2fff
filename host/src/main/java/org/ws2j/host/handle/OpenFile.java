package org.ws2j.host.handle;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.ws2j.host.port.PortAssociation;
import org.ws2j.spi.FileObject;

/** What several handles of one file object share: the completion port, how completions are indicated, and the last close. */
final class OpenFile {
    private final FileObject file;
    private final AtomicReference<PortAssociation> association = new AtomicReference<>();

    /** {@link org.ws2j.spi.FileCompletionMode} bits; guarded by this. */
    private int completionModes;

    /** How many handles there are; 0 once the object is closed. Guarded by this. */
    private int handles = 1;

    OpenFile(FileObject file) {
        this.file = file;
    }

    FileObject file() {
        return file;
    }

    /** Counts one more handle. {@return false if the last one was closed} */
    synchronized boolean open() {
        if (handles == 0) {
            return false;
        }
        handles++;
        return true;
    }

    /** Counts a handle off, and closes the object with the last one. */
    void close(FileSocket handle, BiConsumer<String, Throwable> reporter) {
        synchronized (this) {
            handles--;
            if (handles > 0) {
                return;
            }
        }
        try {
            file.close();
        } catch (Throwable e) {
            Fatal.rethrow(e);
            reporter.accept("closing the file object of " + handle, e);
        }
    }

    synchronized boolean isClosed() {
        return handles == 0;
    }

    AtomicReference<PortAssociation> association() {
        return association;
    }

    synchronized int completionModes() {
        return completionModes;
    }

    synchronized void addCompletionModes(int modes) {
        completionModes |= modes;
    }
}
