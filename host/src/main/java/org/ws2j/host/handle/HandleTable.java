package org.ws2j.host.handle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * The socket handles of one host that are not released.
 *
 * <p>Java looks nothing up here: a handle knows its host, state and owner itself. The table only remembers which handles there
 * are, for the leak report and for the last clean-up, on a few shelves so that threads seldom meet. A thread puts its handles
 * on its own shelf, and on the next one with room if that is full; all shelves together have room for as many as there can be.
 */
public final class HandleTable implements HandleNumbers {
    private static final int SHELVES = 16;

    private final Shelf[] shelves = new Shelf[SHELVES];
    private final NumberSource numbers = new NumberSource();

    /** Who has which number that was given out, by its index. */
    private final NumberedSockets given = new NumberedSockets(NumberSource.PLACES);

    /** Who has which number that a provider brought along. */
    private final NumberedSockets brought = new NumberedSockets(FIRST_GIVEN);

    private final HostThreads host;
    private final BiConsumer<String, Throwable> reporter;
    private final int most;

    /**
     * Makes an empty table.
     *
     * @param host the threads of the host, which stand for it
     * @param reporter is told of failures that no caller can be told of
     */
    public HandleTable(HostThreads host, BiConsumer<String, Throwable> reporter) {
        this(host, reporter, NumberSource.MOST);
    }

    HandleTable(HostThreads host, BiConsumer<String, Throwable> reporter, int most) {
        this.host = host;
        this.reporter = reporter;
        this.most = most;
        for (int i = 0; i < SHELVES; i++) {
            shelves[i] = new Shelf(most / SHELVES + (i < most % SHELVES ? 1 : 0));
        }
    }

    /**
     * Makes a handle for WPUCreateSocketHandle.
     *
     * @param catalogEntryId the entry that the socket belongs to
     * @param owner the started provider of that entry
     * @param context what the provider keeps with it
     * @return the handle, open
     * @throws WinsockException {@code WSAENOBUFS} if there are as many handles as there can be
     */
    public CreatedSocket create(int catalogEntryId, HandleOwner owner, Object context) throws WinsockException {
        CreatedSocket s = new CreatedSocket(this, context);
        s.own(catalogEntryId, owner);
        register(s);
        return s;
    }

    /**
     * Makes a handle of the file system.
     *
     * @param file what stands behind it
     * @return the handle, which is not a socket yet
     * @throws WinsockException {@code WSAENOBUFS} if there are as many handles as there can be
     */
    public FileSocket createFile(FileObject file) throws WinsockException {
        FileSocket s = new FileSocket(this, new OpenFile(file));
        register(s);
        return s;
    }

    // Numbers

    @Override
    public long number(SocketHandle s) {
        return s instanceof HostSocket h && h.table == this ? h.number() : INVALID_SOCKET;
    }

    @Override
    public SocketHandle socket(long number) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            return null;
        }
        int known = (int) number;
        HostSocket s = known < FIRST_GIVEN ? brought.at(known) : given.at(NumberSource.index(known));
        return s != null && s.number == known && s.isAlive() ? s : null;
    }

    @Override
    public SocketHandle createFileHandle(FileObject file, int number) throws WinsockException {
        if (file == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the file object is null");
        }
        if (number <= 0 || number >= FIRST_GIVEN) {
            throw new WinsockException(WsaError.WSAEINVAL, "not a number that a provider can bring along: " + number);
        }
        FileSocket s = new FileSocket(this, new OpenFile(file));
        s.number = number;
        register(s);
        if (brought.put(number, s) instanceof FileSocket stale) {
            stale.close(reporter);
        }
        return s;
    }

    /** Notes a number that was given out. Whoever releases the handle meanwhile may have looked for it too early. */
    void enter(int number, HostSocket s) {
        given.enter(NumberSource.index(number), s);
        if (!s.isAlive()) {
            given.remove(NumberSource.index(number), s);
        }
    }

    /** Forgets the number of a handle that is released. */
    void giveUp(int number, HostSocket s) {
        if (number < FIRST_GIVEN) {
            brought.remove(number, s);
        } else {
            given.remove(NumberSource.index(number), s);
            numbers.giveUp(number);
        }
    }

    /**
     * Makes one more handle of what stands behind a handle.
     *
     * @param original the handle
     * @return the new handle, which is not a socket yet
     * @throws WinsockException {@code WSA_INVALID_HANDLE} if the object is closed; {@code WSAENOBUFS} if there are as many
     *     handles as there can be
     */
    public FileSocket duplicate(FileSocket original) throws WinsockException {
        OpenFile open = original.openFile();
        if (!open.open()) {
            throw new WinsockException(WsaError.WSA_INVALID_HANDLE, original + " is closed");
        }
        FileSocket s = new FileSocket(this, open);
        s.allowOverlapped(original.allowsOverlapped());
        try {
            register(s);
        } catch (WinsockException e) {
            open.close(original, reporter);
            throw e;
        }
        return s;
    }

    /**
     * Finds a handle that was made by WPUCreateSocketHandle and is not released.
     *
     * @param s any handle, or null
     * @return the handle, null for anything else
     */
    public CreatedSocket created(SocketHandle s) {
        return s instanceof CreatedSocket c && c.isAliveIn(this) ? c : null;
    }

    /**
     * Finds a handle of the file system that is not released.
     *
     * @param s any handle, or null
     * @return the handle, null for anything else
     */
    public FileSocket file(SocketHandle s) {
        return s instanceof FileSocket f && f.table == this && f.isAlive() ? f : null;
    }

    /**
     * Finds a handle of this host, whatever its state.
     *
     * @param s any handle, or null
     * @return the handle, null for anything else
     */
    public HostSocket any(SocketHandle s) {
        return s instanceof HostSocket h && h.table == this ? h : null;
    }

    /**
     * Finds a socket that its client may use.
     *
     * @param s any handle, or null
     * @return the handle
     * @throws WinsockException {@code WSAENOTSOCK} for anything else
     */
    public HostSocket openForClient(SocketHandle s) throws WinsockException {
        if (s instanceof HostSocket h && h.table == this && h.isOpenForClient()) {
            return h;
        }
        throw HostSocket.notSocket(s);
    }

    /**
     * Releases a handle for WPUCloseSocketHandle.
     *
     * @param s any handle, or null
     * @return false if it is not an unreleased handle made by WPUCreateSocketHandle
     */
    public boolean release(SocketHandle s) {
        return s instanceof CreatedSocket c && c.table == this && c.toReleased();
    }

    /** {@return the handles that are not released, in no order} */
    public List<HostSocket> alive() {
        List<HostSocket> all = new ArrayList<>();
        for (Shelf shelf : shelves) {
            shelf.collect(all);
        }
        return all;
    }

    /** {@return how many handles are not released} */
    public int count() {
        return Stream.of(shelves).mapToInt(Shelf::size).sum();
    }

    /** Releases everything that is left, at the last clean-up. */
    public void reap() {
        for (HostSocket s : alive()) {
            s.dissociate();
            switch (s) {
                case CreatedSocket c -> c.toReleased();
                case FileSocket f -> f.close(reporter);
            }
        }
    }

    HostThreads host() {
        return host;
    }

    NumberSource numbers() {
        return numbers;
    }

    BiConsumer<String, Throwable> reporter() {
        return reporter;
    }

    private void register(HostSocket s) throws WinsockException {
        int own = (int) Thread.currentThread().threadId();
        for (int i = 0; i < SHELVES; i++) {
            if (shelves[(own + i) & (SHELVES - 1)].add(s)) {
                return;
            }
        }
        throw new WinsockException(WsaError.WSAENOBUFS, "there are " + most + " handles, no more are possible");
    }
}
