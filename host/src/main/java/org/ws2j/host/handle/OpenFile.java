package org.ws2j.host.handle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BiConsumer;
import org.ws2j.host.port.PortAssociation;
import org.ws2j.host.thread.Fatal;
import org.ws2j.spi.FileObject;

/** What several handles of one file object share: the completion port, how completions are indicated, and the last close. */
final class OpenFile {
    private static final VarHandle ASSOCIATION;

    static {
        try {
            ASSOCIATION = MethodHandles.lookup().findVarHandle(OpenFile.class, "association", PortAssociation.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final FileObject file;
    private volatile PortAssociation association;

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

    /** {@return false if there is one already} */
    boolean associateOnce(PortAssociation newAssociation) {
        return ASSOCIATION.compareAndSet(this, null, newAssociation);
    }

    PortAssociation association() {
        return association;
    }

    void dissociate() {
        association = null;
    }

    synchronized int completionModes() {
        return completionModes;
    }

    synchronized void addCompletionModes(int modes) {
        completionModes |= modes;
    }
}
