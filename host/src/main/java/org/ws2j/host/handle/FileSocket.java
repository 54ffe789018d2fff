package org.ws2j.host.handle;

import java.util.function.BiConsumer;
import org.ws2j.host.port.PortAssociation;
import org.ws2j.spi.FileObject;

/** A handle of the file system: a socket once a provider has registered it by WPUModifyIFSHandle. */
public final class FileSocket extends HostSocket {
    private final OpenFile open;

    /** Who registered the handle first: what the system's own file functions reach, past all layers. */
    private volatile HandleOwner base;

    FileSocket(HandleTable table, OpenFile open) {
        super(table);
        this.open = open;
    }

    OpenFile openFile() {
        return open;
    }

    /** {@return what stands behind the handle} */
    public FileObject file() {
        return open.file();
    }

    /** {@return whether the object behind the handle is closed: with the last of its handles} */
    public boolean isFileClosed() {
        return open.isClosed();
    }

    /** {@return the {@link org.ws2j.spi.FileCompletionMode} bits of the object behind the handle} */
    public int completionModes() {
        return open.completionModes();
    }

    /**
     * Sets completion modes, for good.
     *
     * @param modes {@link org.ws2j.spi.FileCompletionMode} bits, added to those that are set
     */
    public void addCompletionModes(int modes) {
        open.addCompletionModes(modes);
    }

    @Override
    public boolean associateOnce(PortAssociation newAssociation) {
        return open.associateOnce(newAssociation);
    }

    @Override
    public PortAssociation association() {
        return open.association();
    }

    @Override
    void dissociate() {
        open.dissociate();
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
     * Closes the handle, and what stands behind it if no other handle has it.
     *
     * @param reporter is told if that fails
     * @return false if the handle was closed before
     */
    public boolean close(BiConsumer<String, Throwable> reporter) {
        if (!toReleased()) {
            return false;
        }
        open.close(this, reporter);
        return true;
    }
}
