package org.ws2j.host.handle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.ws2j.host.port.AssociableHandle;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WspProcTable;

/**
 * A socket handle of this host. Its state has one owner, a field that is changed by compare-and-set, but
 * for the last step, which is a step under the lock of the {@link Shelf}:
 *
 * <pre>
 *   created handle           OPEN ⇄ CLOSING → CLIENT_CLOSED → RELEASED
 *                              ╰───────┴──────────────────────↗        (wpuCloseSocketHandle, from any state)
 *
 *   handle of the file       OPEN ⇄ CLOSING ───────────────→ RELEASED
 *   system                     ╰──────────────────────────────↗        (closeHandle, from any state)
 * </pre>
 *
 * <ul>
 *   <li>{@code OPEN}: the client may use it.
 *   <li>{@code CLOSING}: the provider's WSPCloseSocket is running; the client's other calls find no socket. Back to
 *       {@code OPEN} if the provider refuses ({@code WSAEWOULDBLOCK} of a lingering close).
 *   <li>{@code CLIENT_CLOSED}: the client's calls find no socket, but the owner's upcalls and completions go on.
 *   <li>{@code RELEASED}: nobody finds a socket.
 * </ul>
 */
public abstract sealed class HostSocket extends SocketHandle implements AssociableHandle
        permits CreatedSocket, FileSocket {
    static final int OPEN = 0;
    static final int CLOSING = 1;
    static final int CLIENT_CLOSED = 2;
    static final int RELEASED = 3;

    /** The number of a handle that was released before anybody asked for one. */
    static final int NO_NUMBER = -1;

    private static final VarHandle STATE;
    private static final VarHandle NUMBER;
    private static final VarHandle OWNER;
    private static final VarHandle PROC_TABLE;
    private static final VarHandle CATALOG_ENTRY_ID;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(HostSocket.class, "state", int.class);
            NUMBER = lookup.findVarHandle(HostSocket.class, "number", int.class);
            OWNER = lookup.findVarHandle(HostSocket.class, "owner", HandleOwner.class);
            PROC_TABLE = lookup.findVarHandle(HostSocket.class, "procTable", WspProcTable.class);
            CATALOG_ENTRY_ID = lookup.findVarHandle(HostSocket.class, "catalogEntryId", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final HandleTable table;

    /** Neighbours in the register; guarded by the lock of {@link #shelf}. */
    HostSocket previous;

    HostSocket next;
    Shelf shelf;

    private volatile int state;
    private volatile HandleOwner owner;
    private volatile WspProcTable procTable;
    private volatile int catalogEntryId;
    private volatile boolean nonOverlapped;
    private volatile boolean application;

    /** 0 until somebody asks for it; written under the lock of {@link #shelf}. */
    volatile int number;

    HostSocket(HandleTable table) {
        this.table = table;
    }

    /** {@return the functions of the owner, to be called with this handle} */
    public final WspProcTable procTable() {
        WspProcTable known = procTable;
        return known != null ? known : tableOfLateOwner();
    }

    /** Whoever made the handle inside its WSPStartup had no table to give then. */
    private WspProcTable tableOfLateOwner() {
        HandleOwner late = owner;
        WspProcTable table = late == null ? null : late.procTable();
        if (table == null || PROC_TABLE.compareAndSet(this, null, table)) {
            return table;
        }
        return procTable; // Somebody else has registered the handle meanwhile.
    }

    /** {@return the provider that serves the socket; null for a handle of the file system that is not registered} */
    public final HandleOwner owner() {
        return owner;
    }

    /** {@return the catalog entry that the socket belongs to} */
    public final int catalogEntryId() {
        return catalogEntryId;
    }

    final void own(int newCatalogEntryId, HandleOwner newOwner) {
        // Released, not volatile: three full fences would be more than all the rest of making a handle.
        CATALOG_ENTRY_ID.setRelease(this, newCatalogEntryId);
        OWNER.setRelease(this, newOwner);
        PROC_TABLE.setRelease(this, newOwner.procTable());
    }

    /** {@return whether the client may use the socket} */
    public final boolean isOpenForClient() {
        return state == OPEN && procTable() != null;
    }

    /** {@return whether the handle is not released} */
    public final boolean isAlive() {
        return state != RELEASED;
    }

    /** {@return whether the handle is open, registered as a socket or not} */
    public final boolean isOpen() {
        return state == OPEN;
    }

    @Override
    public final boolean isOpenIn(HostThreads host) {
        return table.host() == host && isOpenForClient();
    }

    /**
     * Begins the client's close.
     *
     * @throws WinsockException {@code WSAENOTSOCK} if the client closed it already, or is about to
     */
    public final void beginClose() throws WinsockException {
        if (procTable() == null || !STATE.compareAndSet(this, OPEN, CLOSING)) {
            throw notSocket(this);
        }
    }

    /** Takes the client's close back: the provider refused it. */
    public final void abandonClose() {
        STATE.compareAndSet(this, CLOSING, OPEN);
    }

    /** Ends the client's close: the provider has closed the socket. */
    public abstract void endClose();

    final void toClientClosed() {
        STATE.compareAndSet(this, CLOSING, CLIENT_CLOSED);
    }

    /** Releases the handle; false if that was done before. */
    final boolean toReleased() {
        if (!shelf.release(this)) {
            return false;
        }
        int given = number;
        if (given != NO_NUMBER) {
            table.giveUp(given, this);
        }
        return true;
    }

    /** Under the lock of the shelf. Nothing follows that state, so what another thread makes of it just before is lost. */
    void setReleased() {
        STATE.setRelease(this, RELEASED);
        if (number == 0) {
            // It gets none any more: nobody would give it back.
            NUMBER.setRelease(this, NO_NUMBER);
        }
    }

    @Override
    public final boolean allowsOverlapped() {
        return !nonOverlapped;
    }

    /**
     * Says whether the socket was created for overlapped operations.
     *
     * @param allowed true if it was
     */
    public final void allowOverlapped(boolean allowed) {
        nonOverlapped = !allowed;
    }

    /** {@return whether a client call has returned the handle: it is the application's, not one between two layers} */
    public final boolean isApplication() {
        return application;
    }

    /** Marks the handle as the application's. */
    public final void markApplication() {
        application = true;
    }

    /** Forgets the completion port, at the last clean-up. */
    abstract void dissociate();

    /** {@return the number that the handle has in print and at the border to C; -1 for one released without} */
    public final int number() {
        int known = number;
        if (known != 0) {
            return known;
        }
        int fresh = table.numbers().take();
        int decided = shelf.number(this, fresh);
        if (decided == fresh) {
            table.enter(fresh, this);
        } else {
            table.numbers().giveUp(fresh);
        }
        return decided;
    }

    @Override
    public final String toString() {
        int known = number();
        return known == NO_NUMBER ? "SOCKET (released)" : "SOCKET 0x" + Integer.toHexString(known);
    }

    /**
     * Makes the answer to what is not a socket.
     *
     * @param s what was given as one
     * @return the exception to throw
     */
    public static WinsockException notSocket(SocketHandle s) {
        String what = s == null ? "null" : s instanceof HostSocket h ? h + " is closed" : "a handle of another host";
        return new WinsockException(WsaError.WSAENOTSOCK, "not a socket: " + what);
    }
}
