package org.ws2j.bridge;

import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/**
 * The fifteen upcalls of the table as C calls them: handles are numbers, results go to where pointers point, and a failure is
 * thrown for the guard of {@link Stubs} to tell.
 *
 * @param library whose upcalls they are
 * @param others what takes the place of the host's own upcalls; null for those
 */
record UpcallFunctions(NativeLibrary library, Upcalls others) {
    /** The names of the methods in the order of WSPUPCALLTABLE. */
    static final String[] SLOTS = {
            "closeEvent", "closeSocketHandle", "createEvent", "createSocketHandle", "fdIsSet", "getProviderPath",
            "modifyIfsHandle", "postMessage", "queryBlockingCallback", "querySocketHandleContext", "queueApc",
            "resetEvent",
            "setEvent", "openCurrentThread", "closeThread"
    };

    private static final int SUCCESS = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 0;

    /** {@return what an upcall that fails gives back} */
    static Number failure(String slot) {
        return switch (slot) {
            case "createEvent" -> 0L;
            case "createSocketHandle", "modifyIfsHandle" -> -1L;
            case "closeEvent", "setEvent", "resetEvent", "postMessage", "fdIsSet" -> FALSE;
            default -> -1;
        };
    }

    static boolean hasErrno(String slot) {
        return !slot.equals("fdIsSet") && !slot.equals("postMessage");
    }

    /** {@return the upcalls that these functions make} */
    Upcalls target() throws WinsockException {
        return others != null ? others : library.binding().upcalls();
    }

    private Session session() throws WinsockException {
        return library.binding().session();
    }

    int closeEvent(long hEvent, long lpErrno) throws WinsockException {
        target().wpuCloseEvent(event(hEvent));
        session().handles().forget(hEvent & ~3L);
        return TRUE;
    }

    int closeSocketHandle(long s, long lpErrno) throws WinsockException {
        target().wpuCloseSocketHandle(session().socket(s));
        return SUCCESS;
    }

    long createEvent(long lpErrno) throws WinsockException {
        WsaEvent event = target().wpuCreateEvent();
        return session().handles().keep(event.untagged());
    }

    long createSocketHandle(int dwCatalogEntryId, long dwContext, long lpErrno) throws WinsockException {
        Session session = session();
        SocketHandle s = target().wpuCreateSocketHandle(dwCatalogEntryId, new NativeContext(library, dwContext));
        return session.socketNumber(s);
    }

    int fdIsSet(long s, long fdset) throws WinsockException {
        // Not by wpuFdIsSet: what is in the set may be known to C alone.
        return library.binding() != null && FdSets.contains(fdset, s) ? TRUE : FALSE;
    }

    int getProviderPath(long lpProviderId, long lpszPath, long lpLength, long lpErrno) throws WinsockException {
        String path = target().wpuGetProviderPath(Guids.get(Pointers.required(lpProviderId, Integer.BYTES)));
        putPath(path, lpszPath, lpLength);
        return SUCCESS;
    }

    /** Puts a path and its length with the 0; {@code WSAEFAULT} where it does not fit, with the length that is needed. */
    static void putPath(String path, long lpszPath, long lpLength) throws WinsockException {
        int room = Memory.getInt(Pointers.required(lpLength, Integer.BYTES));
        int needed = path.length() + 1;
        if (lpszPath == 0 || room < needed) {
            Memory.putInt(lpLength, needed);
            throw new WinsockException(
                    WsaError.WSAEFAULT, "a path of " + needed + " characters does not fit into " + room);
        }
        Pointers.required(lpszPath, Short.BYTES);
        Pointers.range(lpszPath, 2L * needed);
        Texts.putWide(lpszPath, path, needed);
        Memory.putInt(lpLength, needed);
    }

    long modifyIfsHandle(int dwCatalogEntryId, long proposedHandle, long lpErrno) throws WinsockException {
        Session session = session();
        SocketHandle known = session.numbers().socket(proposedHandle);
        boolean isDescriptor = proposedHandle > 0 && proposedHandle < org.ws2j.spi.HandleNumbers.FIRST_GIVEN;
        boolean isNew = isDescriptor && (known == null || isBase(session, dwCatalogEntryId));
        SocketHandle proposed = isNew
                ? session.numbers().createFileHandle(new DescriptorFile((int) proposedHandle), (int) proposedHandle)
                : known;
        return session.socketNumber(target().wpuModifyIfsHandle(dwCatalogEntryId, proposed));
    }

    /** A base provider registers a descriptor that it has just opened: whatever had its number before is gone. */
    private static boolean isBase(Session session, int catalogEntryId) {
        for (WsaProtocolInfo info : session.services().catalog().wscEnumProtocols()) {
            if (info.catalogEntryId() == catalogEntryId) {
                return info.protocolChain().chainLen() == ProtocolChain.BASE_PROTOCOL;
            }
        }
        return catalogEntryId == 0;
    }

    int postMessage(long hWnd, int msg, long wParam, long lParam) throws WinsockException {
        Session session = session();
        WindowHandle window = session.window(hWnd);
        return window != null && target().wpuPostMessage(window, msg, session.messageParameter(wParam), lParam)
                ? TRUE
                : FALSE;
    }

    int queryBlockingCallback(int dwCatalogEntryId, long lplpfnCallback, long lpdwContext, long lpErrno)
            throws WinsockException {
        Pointers.required(lplpfnCallback, Long.BYTES);
        Pointers.required(lpdwContext, Long.BYTES);
        BlockingCallback callback = target().wpuQueryBlockingCallback(dwCatalogEntryId);
        Memory.putLong(lplpfnCallback, callback == null ? 0 : library.callbacks().blocking());
        Memory.putLong(lpdwContext, callback == null ? 0 : session().handles().number(callback));
        return SUCCESS;
    }

    /** The hottest one: each look that it takes to find the host would show, so the host is a constant here. */
    int querySocketHandleContext(Binding given, long s, long lpContext, long lpErrno) throws WinsockException {
        Binding binding = library.started(given);
        Upcalls upcalls = others != null ? others : binding.upcalls();
        Object context = upcalls.wpuQuerySocketHandleContext(binding.numbers().socket(s));
        if (!(context instanceof NativeContext known) || known.library() != library) {
            throw new WinsockException(WsaError.WSAENOTSOCK, "a handle of another provider");
        }
        Memory.putLong(Pointers.required(lpContext, Long.BYTES), known.value());
        return SUCCESS;
    }

    int queueApc(long lpThreadId, long lpfnUserApc, long dwContext, long lpErrno) throws WinsockException {
        WsaThreadId id = session().threadIds().required(lpThreadId);
        NativeRoutines.checkFunction(lpfnUserApc);
        target().wpuQueueApc(id, context -> Downcalls.run(Memory.function(lpfnUserApc), dwContext), null);
        return SUCCESS;
    }

    int resetEvent(long hEvent, long lpErrno) throws WinsockException {
        target().wpuResetEvent(event(hEvent));
        return TRUE;
    }

    int setEvent(long hEvent, long lpErrno) throws WinsockException {
        target().wpuSetEvent(event(hEvent));
        return TRUE;
    }

    int openCurrentThread(long lpThreadId, long lpErrno) throws WinsockException {
        Pointers.required(lpThreadId, Long.BYTES);
        session().threadIds().open(lpThreadId, target().wpuOpenCurrentThread());
        return SUCCESS;
    }

    int closeThread(long lpThreadId, long lpErrno) throws WinsockException {
        ThreadIds ids = session().threadIds();
        Pointers.required(lpThreadId, Long.BYTES);
        WsaThreadId id = ids.get(lpThreadId);
        if (id == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "not an open thread id");
        }
        target().wpuCloseThread(id);
        ids.closed(id);
        return SUCCESS;
    }

    private WsaEvent event(long number) throws WinsockException {
        return session().event(number);
    }
}
