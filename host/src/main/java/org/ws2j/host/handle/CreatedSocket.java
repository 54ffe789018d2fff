package org.ws2j.host.handle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.ws2j.host.port.PortAssociation;

/** A handle made by WPUCreateSocketHandle, with the context of the non-IFS provider that made it. */
public final class CreatedSocket extends HostSocket {
    private static final VarHandle ASSOCIATION;
    private static final VarHandle HOME;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ASSOCIATION = lookup.findVarHandle(CreatedSocket.class, "association", PortAssociation.class);
            HOME = lookup.findVarHandle(CreatedSocket.class, "home", HandleTable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object context;
    private volatile PortAssociation association;

    /** The table, until the handle is released: one look tells whose it is and whether it lives. */
    private volatile HandleTable home;

    CreatedSocket(HandleTable table, Object context) {
        super(table);
        this.context = context;
        HOME.setRelease(this, table);
    }

    /** {@return whether the handle is one of that table, and not released} */
    boolean isAliveIn(HandleTable asked) {
        return home == asked;
    }

    @Override
    void setReleased() {
        super.setReleased();
        HOME.setRelease(this, null);
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

    @Override
    public boolean associateOnce(PortAssociation newAssociation) {
        return ASSOCIATION.compareAndSet(this, null, newAssociation);
    }

    @Override
    public PortAssociation association() {
        return association;
    }

    @Override
    void dissociate() {
        association = null;
    }
}
