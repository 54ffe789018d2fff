package org.ws2j.host.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.FileSocket;
import org.ws2j.host.handle.HandleOwner;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.host.handle.HostSocket;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.upcall.BlockingHooks;
import org.ws2j.host.upcall.Completions;
import org.ws2j.host.upcall.ThreadCalls;
import org.ws2j.spi.FileCompletionMode;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** Handles of the file system, and the file functions on sockets of either kind. */
public final class FileFunctions implements FileHandles {
    private static final int COMPLETION_MODES = FileCompletionMode.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS
            | FileCompletionMode.FILE_SKIP_SET_EVENT_ON_HANDLE;

    private final HandleTable handles;
    private final HostThreads threads;
    private final Completions completions;
    private final BlockingHooks hooks;
    private final ProviderCalls calls;
    private final BiConsumer<String, Throwable> reporter;

    /**
     * Makes the file functions of a host.
     *
     * @param handles its socket handles
     * @param threads its threads
     * @param completions completes overlapped operations
     * @param hooks its blocking hooks
     * @param calls judges the answers of providers
     * @param reporter is told of failures that no caller can be told of
     */
    public FileFunctions(
            HandleTable handles,
            HostThreads threads,
            Completions completions,
            BlockingHooks hooks,
            ProviderCalls calls,
            BiConsumer<String, Throwable> reporter) {
        this.handles = handles;
        this.threads = threads;
        this.completions = completions;
        this.hooks = hooks;
        this.calls = calls;
        this.reporter = reporter;
    }

    @Override
    public SocketHandle createFileHandle(FileObject file) throws WinsockException {
        if (file == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the file object is null");
        }
        return handles.createFile(file);
    }

    @Override
    public SocketHandle duplicateHandle(SocketHandle s) throws WinsockException {
        FileSocket file = handles.file(s);
        if (file == null) {
            throw notAFileHandle(s);
        }
        return handles.duplicate(file);
    }

    @Override
    public FileObject fileObject(SocketHandle s) throws WinsockException {
        FileSocket file = handles.file(s);
        if (file == null) {
            throw HostSocket.notSocket(s);
        }
        return file.file();
    }

    @Override
    public void closeHandle(SocketHandle s) throws WinsockException {
        FileSocket file = handles.file(s);
        if (file == null || !file.close(reporter)) {
            throw notAFileHandle(s);
        }
    }

    private static WinsockException notAFileHandle(SocketHandle s) {
        return new WinsockException(WsaError.WSA_INVALID_HANDLE, "not an open handle of the file system: " + s);
    }

    @Override
    public void completeRequest(SocketHandle s, WsaOverlapped overlapped, int error, int bytesTransferred)
            throws WinsockException {
        FileSocket file = completed(s, overlapped);
        completions.complete(file, overlapped, error, packetError(file, error), bytesTransferred);
    }

    @Override
    public void completeRequestAtOnce(SocketHandle s, WsaOverlapped overlapped, int bytesTransferred)
            throws WinsockException {
        FileSocket file = completed(s, overlapped);
        boolean skipsPacket =
                (file.completionModes() & FileCompletionMode.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0;
        if (skipsPacket) {
            completions.completeWithoutPacket(file, overlapped, bytesTransferred);
        } else {
            completions.complete(file, overlapped, 0, 0, bytesTransferred);
        }
    }

    private FileSocket completed(SocketHandle s, WsaOverlapped overlapped) throws WinsockException {
        if (!(handles.any(s) instanceof FileSocket file)) {
            throw new WinsockException(WsaError.WSAEINVAL, "not a handle of the file system");
        }
        if (overlapped == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the overlapped block is null");
        }
        return file;
    }

    @Override
    public void setFileCompletionNotificationModes(SocketHandle s, int flags) throws WinsockException {
        HostSocket socket = openHandle(s);
        if ((flags & ~COMPLETION_MODES) != 0) {
            throw invalidModes("unknown", flags, socket);
        }
        if (socket instanceof FileSocket file) {
            file.addCompletionModes(flags);
        } else if ((flags & FileCompletionMode.FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0) {
            throw invalidModes("its provider does not tell what was over at once:", flags, socket);
        }
        // Else nothing is left out: the handle itself is never signaled.
    }

    private static WinsockException invalidModes(String why, int flags, HostSocket socket) {
        return new WinsockException(
                WsaError.WSA_INVALID_PARAMETER,
                why + " completion modes 0x" + Integer.toHexString(flags) + " for " + socket);
    }

    @Override
    public void cancelIoEx(SocketHandle s, WsaOverlapped overlapped) throws WinsockException {
        HostSocket socket = openHandle(s);
        boolean found;
        try {
            found = socket instanceof FileSocket file && file.file().cancel(overlapped);
        } catch (Throwable e) {
            throw calls.failure("file object", e);
        }
        if (!found) {
            throw new WinsockException(WsaError.ERROR_NOT_FOUND, "nothing is under way on " + socket);
        }
    }

    private HostSocket openHandle(SocketHandle s) throws WinsockException {
        HostSocket socket = handles.any(s);
        if (socket == null || !socket.isOpenForClient()) {
            throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "not an open socket: " + s);
        }
        return socket;
    }

    /** A packet shows the system's own word for an operation that a close has ended; Winsock's is for all others. */
    private static int packetError(FileSocket file, int error) {
        boolean closed = error == WsaError.WSA_OPERATION_ABORTED.code() && file.isFileClosed();
        return closed ? WsaError.ERROR_CONNECTION_ABORTED.code() : error;
    }

    @Override
    public int readFile(SocketHandle s, ByteBuffer target) throws WinsockException {
        HostSocket socket = open(s, target);
        ThreadCalls mark = hooks.mark(served(socket));
        try {
            if (socket instanceof FileSocket file) {
                int most = target.remaining();
                return ProviderCalls.counted("file object", file.file().read(target), most);
            }
            long n = socket.procTable().wspRecv(socket, target, null, null, null, null);
            return advance("WSPRecv", target, n);
        } catch (IOException e) {
            throw ioFailure("reading from", s, e);
        } catch (Throwable e) {
            throw calls.failure("WSPRecv", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    @Override
    public int writeFile(SocketHandle s, ByteBuffer source) throws WinsockException {
        HostSocket socket = open(s, source);
        ThreadCalls mark = hooks.mark(served(socket));
        try {
            if (socket instanceof FileSocket file) {
                int most = source.remaining();
                return ProviderCalls.counted("file object", file.file().write(source), most);
            }
            long n = socket.procTable().wspSend(socket, source, 0, null, null, null);
            return advance("WSPSend", source, n);
        } catch (IOException e) {
            throw ioFailure("writing to", s, e);
        } catch (Throwable e) {
            throw calls.failure("WSPSend", e);
        } finally {
            BlockingHooks.unmark(mark);
        }
    }

    @Override
    public long readFile(SocketHandle s, ByteBuffer target, WsaOverlapped overlapped) throws WinsockException {
        HostSocket socket = open(s, target);
        WsaThreadId threadId = overlapped(overlapped);
        try {
            long n = served(socket).procTable().wspRecv(socket, target, null, overlapped, null, threadId);
            return ProviderCalls.checked("WSPRecv", n, target.remaining(), true);
        } catch (Throwable e) {
            throw calls.failure("WSPRecv", e);
        }
    }

    @Override
    public long writeFile(SocketHandle s, ByteBuffer source, WsaOverlapped overlapped) throws WinsockException {
        HostSocket socket = open(s, source);
        WsaThreadId threadId = overlapped(overlapped);
        try {
            long n = served(socket).procTable().wspSend(socket, source, 0, overlapped, null, threadId);
            return ProviderCalls.checked("WSPSend", n, source.remaining(), true);
        } catch (Throwable e) {
            throw calls.failure("WSPSend", e);
        }
    }

    /** A handle of the file system goes to the provider that made it, past the layers that pass it through. */
    private static HandleOwner served(HostSocket socket) {
        return switch (socket) {
            case FileSocket file -> file.base();
            case CreatedSocket created -> created.owner();
        };
    }

    private HostSocket open(SocketHandle s, ByteBuffer buffer) throws WinsockException {
        HostSocket socket = handles.openForClient(s);
        if (buffer == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the buffer is null");
        }
        return socket;
    }

    private WsaThreadId overlapped(WsaOverlapped overlapped) throws WinsockException {
        if (overlapped == null) {
            throw new WinsockException(WsaError.WSAEFAULT, "the overlapped block is null");
        }
        return threads.current().implicitId();
    }

    private static int advance(String call, ByteBuffer buffer, long n) throws WinsockException {
        int done = (int) WspResult.orThrow(ProviderCalls.checked(call, n, buffer.remaining(), false));
        buffer.position(buffer.position() + done);
        return done;
    }

    private static WinsockException ioFailure(String what, SocketHandle s, IOException e) {
        return e instanceof WinsockException known
                ? known
                : new WinsockException(WsaError.WSASYSCALLFAILURE, what + " " + s + ": " + e, e);
    }
}
