package org.ws2j.bridge;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.Message;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WindowProc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;

/** WSPHOSTSERVICES: what the operating system is to a provider on Windows. */
final class ServiceFunctions {
    /** The names of the methods in the order of the structure, behind its two numbers. */
    private static final String[] SLOTS = {
            "completeOverlappedRequest", "completeFileRequest", "enumProtocols", "getProviderPath", "getStartFunction",
            "getModulePath", "getLastError", "setLastError", "createEvent", "setEvent", "resetEvent", "closeHandle",
            "waitForMultipleObjects", "sleepEx", "createIoCompletionPort", "associateSocket",
            "getQueuedCompletionStatus",
            "postQueuedCompletionStatus", "createWindow", "destroyWindow", "isWindow", "postMessage", "getMessage",
            "dispatchMessage", "getOption", "report", "openFile", "readFile"
    };

    private static final List<String> WITHOUT_ERRNO = List.of(
            "getLastError", "setLastError", "sleepEx", "isWindow", "postMessage", "getMessage", "dispatchMessage",
            "getOption", "report");

    private static final List<String> SOCKET_ERRORS = List.of(
            "completeOverlappedRequest", "completeFileRequest", "enumProtocols", "getProviderPath", "getModulePath",
            "waitForMultipleObjects", "getOption");

    private static final int HEAD = 8;
    private static final int VERSION = 1;
    private static final int MOST_EVENTS = 64;
    private static final int MOST_PROTOCOLS = 256;
    private static final int WINDOW_INLINE = 1;
    private static final int ERROR_FILE_NOT_FOUND = 2;

    private final NativeLibrary library;

    private ServiceFunctions(NativeLibrary library) {
        this.library = library;
    }

    /** {@return the structure, which stays for ever} */
    static MemorySegment table(NativeLibrary library) {
        ServiceFunctions target = new ServiceFunctions(library);
        int size = HEAD + 8 * SLOTS.length;
        MemorySegment table = Arena.global().allocate(size, 8);
        Memory.putInt(table.address(), size);
        Memory.putInt(table.address() + 4, VERSION);
        for (int i = 0; i < SLOTS.length; i++) {
            String name = SLOTS[i];
            Number failure = SOCKET_ERRORS.contains(name) ? -1 : 0;
            long stub = WITHOUT_ERRNO.contains(name)
                    ? Stubs.withoutErrno(target, name, failure, library::report)
                    : Stubs.withErrno(target, name, failure, library::report);
            Memory.putLong(table.address() + HEAD + 8L * i, stub);
        }
        return table;
    }

    private HostServices services() throws WinsockException {
        return library.binding().services();
    }

    private Session session() throws WinsockException {
        return library.binding().session();
    }

    // Completions

    int completeOverlappedRequest(long s, long lpOverlapped, int dwError, int cbTransferred, long lpErrno)
            throws WinsockException {
        Binding binding = library.binding();
        SocketHandle socket = binding.session().numbers().socket(s);
        if (socket == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "not a socket: 0x" + Long.toHexString(s));
        }
        indicate(binding.session(), lpOverlapped, dwError, cbTransferred,
                block -> binding.upcalls().wpuCompleteOverlappedRequest(socket, block, dwError, cbTransferred));
        return 0;
    }

    int completeFileRequest(long s, long lpOverlapped, int dwError, int cbTransferred, long lpErrno)
            throws WinsockException {
        Session session = session();
        SocketHandle socket = session.numbers().socket(s);
        if (socket == null) {
            throw new WinsockException(WsaError.WSAEINVAL, "not a socket: 0x" + Long.toHexString(s));
        }
        indicate(session, lpOverlapped, dwError, cbTransferred,
                block -> services().files().completeRequest(socket, block, dwError, cbTransferred));
        return 0;
    }

    /** Tells the client that an operation is over. */
    @FunctionalInterface
    private interface Indication {
        void give(WsaOverlapped block) throws WinsockException;
    }

    private static void indicate(Session session, long lpOverlapped, int error, int bytes, Indication indication)
            throws WinsockException {
        Pointers.required(lpOverlapped, Long.BYTES);
        NativeOperation passed = session.passed(lpOverlapped);
        if (passed != null) {
            passed.deliver(error, bytes, passed.block().offset());
            indication.give(passed.block());
            return;
        }
        WsaOverlapped block = session.original(lpOverlapped);
        Twin twin = session.twins().at(lpOverlapped);
        if (twin == null) {
            indication.give(block);
            return;
        }
        NativeOperation over = twin.end(error, bytes);
        try {
            indication.give(block);
        } finally {
            twin.indicated(over);
        }
    }

    // Catalog

    int enumProtocols(long lpiProtocols, long lpBuffer, long lpLength, long lpErrno) throws WinsockException {
        int room = Memory.getInt(Pointers.required(lpLength, Integer.BYTES));
        List<WsaProtocolInfo> entries = services().catalog().wscEnumProtocols(protocols(lpiProtocols));
        int needed = ProtocolInfos.SIZE * entries.size();
        if (lpBuffer == 0 || Integer.compareUnsigned(room, needed) < 0) {
            Memory.putInt(lpLength, needed);
            throw new WinsockException(WsaError.WSAENOBUFS, "the catalog needs " + needed + " bytes");
        }
        Pointers.required(lpBuffer, Integer.BYTES);
        Pointers.range(lpBuffer, needed);
        for (int i = 0; i < entries.size(); i++) {
            ProtocolInfos.put(lpBuffer + (long) ProtocolInfos.SIZE * i, entries.get(i));
        }
        return entries.size();
    }

    private static int[] protocols(long address) throws WinsockException {
        if (address == 0) {
            return new int[0];
        }
        Pointers.required(address, Integer.BYTES);
        List<Integer> wanted = new ArrayList<>();
        while (wanted.size() < MOST_PROTOCOLS && Memory.getInt(address + 4L * wanted.size()) != 0) {
            wanted.add(Memory.getInt(address + 4L * wanted.size()));
        }
        return wanted.stream().mapToInt(Integer::intValue).toArray();
    }

    int getProviderPath(long lpProviderId, long lpszPath, long lpLength, long lpErrno) throws WinsockException {
        long id = Pointers.required(lpProviderId, Integer.BYTES);
        UpcallFunctions.putPath(services().catalog().wscGetProviderPath(Guids.get(id)), lpszPath, lpLength);
        return 0;
    }

    long getStartFunction(long lpszPath, long lpErrno) throws WinsockException {
        String path = Texts.getWide(lpszPath);
        TransportProvider module = services().catalog().loadProvider(path);
        return library.startFunction(path, module).address();
    }

    int getModulePath(long lpszPath, long lpLength, long lpErrno) throws WinsockException {
        UpcallFunctions.putPath(services().modulePath(), lpszPath, lpLength);
        return 0;
    }

    int getOption(int dwCatalogEntryId, long lpszName, long lpszValue, int cbValue) throws WinsockException {
        String value = services().catalog().options(dwCatalogEntryId).get(Texts.getUtf8(lpszName));
        if (value == null) {
            return -1;
        }
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (lpszValue != 0 && cbValue > bytes.length) {
            Pointers.range(lpszValue, cbValue);
            Memory.putBytes(lpszValue, bytes);
            Memory.putByte(lpszValue + bytes.length, (byte) 0);
        }
        return bytes.length;
    }

    // Errors

    int getLastError() throws WinsockException {
        return services().wsaGetLastError();
    }

    void setLastError(int error) throws WinsockException {
        services().wsaSetLastError(error);
    }

    void report(long lpszWhat, int error) throws WinsockException {
        services().report(library + ": " + Texts.getUtf8(lpszWhat), new WinsockException(error, null, null));
    }

    // Events and waits

    long createEvent(int manualReset, int initialState, long lpErrno) throws WinsockException {
        WsaEvent event = services().waits().createEvent(manualReset != 0, initialState != 0);
        return session().handles().keep(event.untagged());
    }

    int setEvent(long event, long lpErrno) throws WinsockException {
        services().waits().setEvent(session().event(event));
        return 1;
    }

    int resetEvent(long event, long lpErrno) throws WinsockException {
        services().waits().resetEvent(session().event(event));
        return 1;
    }

    int closeHandle(long number, long lpErrno) throws WinsockException {
        KernelHandles handles = session().handles();
        long clean = number & ~3L;
        CompletionPort port = handles.find(clean, CompletionPort.class);
        FileChannel file = handles.find(clean, FileChannel.class);
        if (port != null) {
            services().ports().closeIoCompletionPort(port);
        } else if (file != null) {
            close(file);
        } else {
            services().waits().closeEvent(session().event(clean));
        }
        handles.forget(clean);
        return 1;
    }

    private static void close(FileChannel file) throws WinsockException {
        try {
            file.close();
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "a file that does not close", e);
        }
    }

    int waitForMultipleObjects(int count, long lpHandles, int waitAll, int millis, int alertable, long lpErrno)
            throws WinsockException {
        if (count <= 0 || count > MOST_EVENTS) {
            throw new WinsockException(WsaError.WSA_INVALID_PARAMETER, "a wait for " + count + " events");
        }
        Pointers.required(lpHandles, Long.BYTES);
        WsaEvent[] events = new WsaEvent[count];
        for (int i = 0; i < count; i++) {
            events[i] = session().event(Memory.getLong(lpHandles + 8L * i));
        }
        return services().waits().waitForMultipleEvents(
                events, waitAll != 0, Integer.toUnsignedLong(millis), alertable != 0);
    }

    int sleepEx(int millis, int alertable) throws WinsockException {
        return services().waits().sleepEx(Integer.toUnsignedLong(millis), alertable != 0);
    }

    // Files

    long openFile(long lpszPath, long lpErrno) throws WinsockException {
        String path = Texts.getWide(lpszPath);
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file)) {
                throw new WinsockException(ERROR_FILE_NOT_FOUND, path, null);
            }
            return session().handles().keep(FileChannel.open(file, StandardOpenOption.READ));
        } catch (WinsockException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            throw new WinsockException(ERROR_FILE_NOT_FOUND, path, e);
        }
    }

    int readFile(long hFile, long lpBuffer, int length, long offset, long lpRead, long lpErrno)
            throws WinsockException {
        FileChannel file = session().file(hFile);
        Pointers.required(lpRead, Integer.BYTES);
        if (length < 0 || offset < 0) {
            throw new WinsockException(WsaError.WSA_INVALID_PARAMETER, length + " bytes at " + offset);
        }
        try {
            int n = length == 0 ? 0 : file.read(Memory.buffer(Pointers.range(lpBuffer, length), length), offset);
            Memory.putInt(lpRead, Math.max(n, 0));
            return 1;
        } catch (WinsockException e) {
            throw e;
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSAEFAULT, "a file that cannot be read", e);
        }
    }

    // Completion ports

    long createIoCompletionPort(int concurrency, long lpErrno) throws WinsockException {
        return session().handles().keep(services().ports().createIoCompletionPort(concurrency));
    }

    private CompletionPort port(long number) throws WinsockException {
        CompletionPort port = session().handles().find(number, CompletionPort.class);
        if (port == null) {
            throw new WinsockException(WsaError.WSA_INVALID_HANDLE, "not a port: 0x" + Long.toHexString(number));
        }
        return port;
    }

    int associateSocket(long s, long hPort, long key, long lpErrno) throws WinsockException {
        services().ports().associate(session().numbers().socket(s), port(hPort), key);
        return 1;
    }

    int getQueuedCompletionStatus(
            long hPort, long lpcbTransferred, long lpKey, long lppOverlapped, int millis, long lpErrno)
            throws WinsockException {
        Pointers.required(lpcbTransferred, Integer.BYTES);
        Pointers.required(lpKey, Long.BYTES);
        Memory.putLong(Pointers.required(lppOverlapped, Long.BYTES), 0);
        CompletionPacket packet = new CompletionPacket();
        boolean taken =
                services().ports().getQueuedCompletionStatus(port(hPort), packet, Integer.toUnsignedLong(millis));
        if (!taken) {
            throw new WinsockException(WsaError.WAIT_TIMEOUT);
        }
        Memory.putInt(lpcbTransferred, packet.bytesTransferred());
        Memory.putLong(lpKey, packet.completionKey() instanceof Long key ? key : 0);
        Memory.putLong(lppOverlapped, session().address(packet.overlapped()));
        if (packet.error() != 0 && Memory.isPointer(lpErrno, Integer.BYTES)) {
            Memory.putInt(lpErrno, packet.error());
        }
        return packet.error() == 0 ? 1 : 0;
    }

    int postQueuedCompletionStatus(long hPort, int bytes, long key, long lpOverlapped, long lpErrno)
            throws WinsockException {
        services().ports().postQueuedCompletionStatus(port(hPort), bytes, key, session().original(lpOverlapped));
        return 1;
    }

    // Windows

    long createWindow(long lpfnProc, long dwContext, int kind, long lpErrno) throws WinsockException {
        NativeRoutines.checkFunction(lpfnProc);
        Session session = session();
        WindowProc proc = message -> Downcalls.run(
                Memory.function(lpfnProc),
                session.handles().number(message.window()),
                message.number(),
                session.parameterNumber(message.wParam()),
                message.lParam(),
                dwContext);
        WindowHandle window = kind == WINDOW_INLINE
                ? services().windows().createWindow(Runnable::run, proc)
                : services().windows().createWindow(proc);
        return session.handles().keep(window);
    }

    int destroyWindow(long hWnd, long lpErrno) throws WinsockException {
        services().windows().destroyWindow(session().window(hWnd));
        session().handles().forget(hWnd);
        return 1;
    }

    int isWindow(long hWnd) throws WinsockException {
        return services().windows().isWindow(session().window(hWnd)) ? 1 : 0;
    }

    int postMessage(long hWnd, int msg, long wParam, long lParam) throws WinsockException {
        Session session = session();
        return services().windows().postMessage(session.window(hWnd), msg, session.messageParameter(wParam), lParam)
                ? 1
                : 0;
    }

    int getMessage(long lpMessage, int millis) throws WinsockException {
        Pointers.required(lpMessage, Long.BYTES);
        Message message = services().windows().getMessage(Integer.toUnsignedLong(millis));
        if (message == null) {
            return 0;
        }
        Memory.putLong(lpMessage, session().handles().number(message.window()));
        Memory.putInt(lpMessage + 8, message.number());
        Memory.putLong(lpMessage + 16, session().parameterNumber(message.wParam()));
        Memory.putLong(lpMessage + 24, message.lParam());
        return 1;
    }

    void dispatchMessage(long lpMessage) throws WinsockException {
        Pointers.required(lpMessage, Long.BYTES);
        Session session = session();
        WindowHandle window = session.window(Memory.getLong(lpMessage));
        if (window != null) {
            services().windows().dispatchMessage(new Message(
                    window, Memory.getInt(lpMessage + 8), session.messageParameter(Memory.getLong(lpMessage + 16)),
                    Memory.getLong(lpMessage + 24)));
        }
    }
}
