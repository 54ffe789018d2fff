package org.ws2j.host.handle;

/** A handle made by WPUCreateSocketHandle, with the context of the non-IFS provider that made it. */
public final class CreatedSocket extends HostSocket {
    private final Object context;

    CreatedSocket(HandleTable table, Object context) {
        super(table);
        this.context = context;
    }

    /** {@return what the provider keeps with the handle} */
    public Object context() {
        return context;
    }

    /** Leaves the handle to its owner, who releases it when the last of its operations has been completed. */
    @Override
    public void endClose() {
        toClientClosed();
    }
}
