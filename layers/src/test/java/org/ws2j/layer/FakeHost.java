package org.ws2j.layer;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.ws2j.spi.BlockingCallback;
import org.ws2j.spi.CompletionPorts;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.Message;
import org.ws2j.spi.MessageWindows;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.ProviderCatalog;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WindowProc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** As much of a host as a layer meets, strict, and with everything to be seen that a test asks about. */
final class FakeHost implements Upcalls, HostServices, ProviderCatalog {

    /** A handle with what a host knows of it. */
    static final class Handle extends SocketHandle {
        final int entry;
        final Object context;
        volatile boolean isReleased;

        Handle(int entry, Object context) {
            this.entry = entry;
            this.context = context;
        }
    }

    static final class Event extends WsaEvent {
        private final Event plain;
        volatile boolean isSet;
        volatile boolean isClosed;

        Event() {
            plain = this;
        }

        private Event(Event plain) {
            this.plain = plain;
        }

        @Override
        public WsaEvent tagged() {
            return new Event(plain);
        }

        @Override
        public WsaEvent untagged() {
            return plain;
        }

        @Override
        public boolean isTagged() {
            return plain != this;
        }
    }

    static final class Window extends WindowHandle {
        final Executor executor;
        final WindowProc proc;
        volatile boolean isDestroyed;

        Window(Executor executor, WindowProc proc) {
            this.executor = executor;
            this.proc = proc;
        }
    }

    static final class ThreadId extends WsaThreadId {
        final Thread thread;
        volatile boolean isClosed;

        ThreadId(Thread thread) {
            this.thread = thread;
        }
    }

    record Completion(SocketHandle socket, WsaOverlapped overlapped, int error, int bytes) {}

    final List<Handle> handles = Collections.synchronizedList(new ArrayList<>());
    final List<Completion> completions = Collections.synchronizedList(new ArrayList<>());
    final List<Window> windows = Collections.synchronizedList(new ArrayList<>());
    final List<ThreadId> threads = Collections.synchronizedList(new ArrayList<>());
    final List<Throwable> reports = Collections.synchronizedList(new ArrayList<>());
    final Map<Thread, Deque<Runnable>> apcs = new ConcurrentHashMap<>();

    private final Map<Integer, WsaProtocolInfo> entries = new LinkedHashMap<>();
    private final Map<UUID, String> paths = new HashMap<>();
    private final Map<String, TransportProvider> modules = new HashMap<>();
    private final Map<Integer, Map<String, String>> options = new HashMap<>();
    private final AtomicInteger nextId = new AtomicInteger(1001);

    private volatile int lastError;

    /** When set, no handle can be made. */
    volatile boolean isFull;

    // Catalog

    /** Puts a provider under a path. */
    void provide(String path, TransportProvider provider) {
        modules.put(path, provider);
    }

    void provide(LayerModule module) throws WinsockException {
        provide(module.name(), module.load(forModule(module.name())));
    }

    /** The services as the module at a path gets them. */
    HostServices forModule(String path) {
        return (HostServices) Proxy.newProxyInstance(
                FakeHost.class.getClassLoader(), new Class<?>[] {HostServices.class}, (proxy, method, args) -> {
                    if (method.getName().equals("modulePath")) {
                        return path;
                    }
                    try {
                        return method.invoke(this, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public String modulePath() {
        return "";
    }

    /** Installs an entry of the provider at a path. */
    WsaProtocolInfo install(String path, ProtocolChain chain) {
        UUID guid = UUID.randomUUID();
        int id = nextId.getAndIncrement();
        WsaProtocolInfo info = WsaProtocolInfo.builder()
                .providerId(guid)
                .catalogEntryId(id)
                .protocolChain(chain)
                .protocolName(path + id)
                .build();
        entries.put(id, info);
        paths.put(guid, path);
        return info;
    }

    void remove(WsaProtocolInfo entry) {
        entries.remove(entry.catalogEntryId());
    }

    void options(WsaProtocolInfo entry, Map<String, String> values) {
        options.put(entry.catalogEntryId(), values);
    }

    @Override
    public List<WsaProtocolInfo> wscEnumProtocols(int... protocols) {
        return List.copyOf(entries.values());
    }

    @Override
    public int wscEnumProtocols(int[] protocols, WsaProtocolInfo[] buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String wscGetProviderPath(UUID providerId) throws WinsockException {
        return wpuGetProviderPath(providerId);
    }

    @Override
    public TransportProvider loadProvider(String path) throws WinsockException {
        TransportProvider provider = modules.get(path);
        if (provider == null) {
            throw new WinsockException(WsaError.WSAEPROVIDERFAILEDINIT, path);
        }
        return provider;
    }

    @Override
    public Map<String, String> options(int catalogEntryId) {
        return options.getOrDefault(catalogEntryId, Map.of());
    }

    // Upcalls

    @Override
    public WsaEvent wpuCreateEvent() {
        return new Event();
    }

    @Override
    public void wpuCloseEvent(WsaEvent hEvent) throws WinsockException {
        open(hEvent).isClosed = true;
    }

    @Override
    public void wpuSetEvent(WsaEvent hEvent) throws WinsockException {
        Event event = open(hEvent);
        synchronized (event) {
            event.isSet = true;
            event.notifyAll();
        }
    }

    @Override
    public void wpuResetEvent(WsaEvent hEvent) throws WinsockException {
        open(hEvent).isSet = false;
    }

    private static Event open(WsaEvent handle) throws WinsockException {
        if (handle instanceof Event event && !event.plain.isClosed) {
            return event.plain;
        }
        throw new WinsockException(WsaError.WSA_INVALID_HANDLE);
    }

    @Override
    public SocketHandle wpuCreateSocketHandle(int dwCatalogEntryId, Object dwContext) throws WinsockException {
        if (isFull) {
            throw new WinsockException(WsaError.WSAENOBUFS);
        }
        Handle handle = new Handle(dwCatalogEntryId, dwContext);
        handles.add(handle);
        return handle;
    }

    @Override
    public void wpuCloseSocketHandle(SocketHandle s) throws WinsockException {
        created(s, WsaError.WSAENOTSOCK).isReleased = true;
    }

    @Override
    public Object wpuQuerySocketHandleContext(SocketHandle s) throws WinsockException {
        return created(s, WsaError.WSAENOTSOCK).context;
    }

    private static Handle created(SocketHandle s, WsaError otherwise) throws WinsockException {
        if (s instanceof Handle handle && !handle.isReleased) {
            return handle;
        }
        throw new WinsockException(otherwise);
    }

    @Override
    public SocketHandle wpuModifyIfsHandle(int dwCatalogEntryId, SocketHandle proposedHandle) throws WinsockException {
        if (isFull) {
            throw new WinsockException(WsaError.WSAEINVAL);
        }
        return proposedHandle;
    }

    @Override
    public String wpuGetProviderPath(UUID providerId) throws WinsockException {
        String path = paths.get(Objects.requireNonNull(providerId));
        if (path == null) {
            throw new WinsockException(WsaError.WSAEINVAL);
        }
        return path;
    }

    @Override
    public boolean wpuFdIsSet(SocketHandle s, FdSet set) {
        return set != null && set.fdIsSet(s);
    }

    @Override
    public boolean wpuPostMessage(WindowHandle hWnd, int msg, Object wParam, long lParam) {
        Window window = (Window) hWnd;
        if (window.isDestroyed) {
            return false;
        }
        window.executor.execute(() -> window.proc.handle(new Message(hWnd, msg, wParam, lParam)));
        return true;
    }

    @Override
    public BlockingCallback wpuQueryBlockingCallback(int dwCatalogEntryId) {
        return null;
    }

    @Override
    public void wpuQueueApc(WsaThreadId threadId, UserApc userApc, Object dwContext) throws WinsockException {
        if (threadId == null || userApc == null || ((ThreadId) threadId).isClosed) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        apcs.computeIfAbsent(((ThreadId) threadId).thread, t -> new ArrayDeque<>())
                .add(() -> userApc.run(dwContext));
    }

    /** An alertable wait of the calling thread: runs what is queued for it, and counts. */
    int runApcs() {
        Deque<Runnable> queue = apcs.getOrDefault(Thread.currentThread(), new ArrayDeque<>());
        int count = 0;
        for (Runnable apc = queue.poll(); apc != null; apc = queue.poll()) {
            apc.run();
            count++;
        }
        return count;
    }

    @Override
    public WsaThreadId wpuOpenCurrentThread() {
        ThreadId id = new ThreadId(Thread.currentThread());
        threads.add(id);
        return id;
    }

    @Override
    public void wpuCloseThread(WsaThreadId threadId) throws WinsockException {
        ThreadId id = (ThreadId) threadId;
        if (id.isClosed) {
            throw new WinsockException(WsaError.WSAEINVAL);
        }
        id.isClosed = true;
    }

    @Override
    public void wpuCompleteOverlappedRequest(SocketHandle s, WsaOverlapped lpOverlapped, int dwError, int cbTransferred)
            throws WinsockException {
        created(s, WsaError.WSAEINVAL);
        complete(s, lpOverlapped, dwError, cbTransferred);
    }

    /** What a host does for created handles and for the system's. */
    void complete(SocketHandle s, WsaOverlapped overlapped, int error, int bytes) throws WinsockException {
        overlapped.internalHigh(bytes);
        overlapped.internal(error);
        if (overlapped.sink() != null) {
            overlapped.sink().completed(overlapped, error, bytes);
            return;
        }
        completions.add(new Completion(s, overlapped, error, bytes));
        if (overlapped.hEvent() != null) {
            wpuSetEvent(overlapped.hEvent());
        }
    }

    // Services

    @Override
    public ProviderCatalog catalog() {
        return this;
    }

    @Override
    public MessageWindows windows() {
        return only(MessageWindows.class, (method, args) -> {
            if (method.equals("createWindow")) {
                Window window = new Window((Executor) args[0], (WindowProc) args[1]);
                windows.add(window);
                return window;
            }
            Window window = (Window) args[0];
            if (!method.equals("destroyWindow") || window.isDestroyed) {
                throw new WinsockException(WsaError.WSA_INVALID_HANDLE, method);
            }
            window.isDestroyed = true;
            return null;
        });
    }

    /** A window of the application that keeps its messages. */
    Window applicationWindow(List<Message> messages) {
        return new Window(Runnable::run, messages::add);
    }

    @Override
    public Waits waits() {
        return only(Waits.class, (method, args) -> {
            if (!method.equals("waitForSingleEvent")) {
                throw new UnsupportedOperationException(method);
            }
            Event event = open((WsaEvent) args[0]);
            synchronized (event) {
                while (!event.isSet) {
                    event.wait();
                }
            }
            return Waits.WSA_WAIT_EVENT_0;
        });
    }

    @Override
    public HandleNumbers handleNumbers() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileHandles files() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionPorts ports() {
        return only(CompletionPorts.class, (method, args) -> {
            if (method.equals("isAssociated")) {
                return false;
            }
            throw new UnsupportedOperationException(method);
        });
    }

    @Override
    public HostClock clock() {
        return only(HostClock.class, (method, args) -> System.nanoTime());
    }

    @Override
    public int wsaGetLastError() {
        return lastError;
    }

    @Override
    public void wsaSetLastError(int error) {
        lastError = error;
    }

    @Override
    public Optional<String> resolvedName(InetAddress address) {
        return Optional.empty();
    }

    @Override
    public void report(String what, Throwable failure) {
        reports.add(failure);
    }

    /** {@return the handles that were made and not released} */
    List<Handle> open() {
        return handles.stream().filter(h -> !h.isReleased).toList();
    }

    interface Answer {
        Object to(String method, Object... args) throws Throwable;
    }

    static <T> T only(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> switch (method.getName()) {
                    case "toString" -> type.getSimpleName();
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == args[0];
                    default -> answer.to(method.getName(), args);
                }));
    }

    /** For a queue that several threads fill. */
    static <T> ConcurrentLinkedQueue<T> queue() {
        return new ConcurrentLinkedQueue<>();
    }
}
