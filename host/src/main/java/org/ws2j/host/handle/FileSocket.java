package org.ws2j.host.handle;

import java.util.function.BiConsumer;
import org.ws2j.spi.FileObject;

/** A handle of the file system: a socket once a provider has registered it by WPUModifyIFSHandle. */
public final class FileSocket extends HostSocket {
    private final FileObject file;

    /** Who registered the handle first: what the system's own file functions reach, past all layers. */
    private volatile HandleOwner base;

    FileSocket(HandleTable table, FileObject file) {
        super(table);
        this.file = file;
    }

    /** {@return what stands behind the handle} */
    public FileObject file() {
        return file;
    }

    /** {@return the provider that registered the handle first; null before it is registered} */
    public HandleOwner base() {
        return base;
    }

    /**
     * Registers the handle as a socket, or hands it to a layer that passes it through: the last caller serves it.
     *
     * @param catalogEntryId the entry that serves it from now on
     * @param newOwner the started provider of that entry
     */
    public void register(int catalogEntryId, HandleOwner newOwner) {
        if (base == null) {
            base = newOwner;
        }
        own(catalogEntryId, newOwner);
    }

    /** Releases the handle, unless its provider has done so. */
    @Override
    public void endClose() {
        close(table.reporter());
    }

    /**
     * Closes the handle and what stands behind it.
     *
     * @param reporter is told if that fails
     * @return false if the handle was closed before
     */
    public boolean close(BiConsumer<String, Throwable> reporter) {
        if (!toReleased()) {
            return false;
        }
        try {
            file.close();
        } catch (Throwable e) {
            Fatal.rethrow(e);
            reporter.accept("closing the file object of " + this, e);
        }
        return true;
    }
}
