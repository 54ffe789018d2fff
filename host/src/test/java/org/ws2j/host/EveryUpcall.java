package org.ws2j.host;

import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** Each of the sixteen upcalls, ready to succeed. */
final class EveryUpcall {
    private final Map<String, ThrowingCallable> withErrorCode = new LinkedHashMap<>();
    private final Upcalls upcalls;
    private final FdSet set;
    private final SocketHandle member;
    private final WindowHandle window;

    /** Prepares what the calls need; inside the time in which upcalls work. */
    EveryUpcall(Upcalls upcalls, HostServices services, WsaProtocolInfo entry) throws Exception {
        this.upcalls = upcalls;
        int id = entry.catalogEntryId();
        WsaEvent toClose = upcalls.wpuCreateEvent();
        WsaEvent event = upcalls.wpuCreateEvent();
        SocketHandle toRelease = upcalls.wpuCreateSocketHandle(id, null);
        member = upcalls.wpuCreateSocketHandle(id, "context");
        FileHandles files = services.files();
        SocketHandle file = files.createFileHandle(new FakeSocket(entry, 0));
        WsaThreadId thread = upcalls.wpuOpenCurrentThread();
        WsaThreadId threadToClose = upcalls.wpuOpenCurrentThread();
        window = services.windows().createWindow(Runnable::run, message -> {
        });
        set = FdSet.of(member);
        withErrorCode.put("wpuCreateEvent", upcalls::wpuCreateEvent);
        withErrorCode.put("wpuCloseEvent", () -> upcalls.wpuCloseEvent(toClose));
        withErrorCode.put("wpuSetEvent", () -> upcalls.wpuSetEvent(event));
        withErrorCode.put("wpuResetEvent", () -> upcalls.wpuResetEvent(event));
        withErrorCode.put("wpuCreateSocketHandle", () -> upcalls.wpuCreateSocketHandle(id, 0));
        withErrorCode.put("wpuQuerySocketHandleContext", () -> upcalls.wpuQuerySocketHandleContext(member));
        withErrorCode.put("wpuCompleteOverlappedRequest",
                () -> upcalls.wpuCompleteOverlappedRequest(member, new HeapOverlapped(), 0, 0));
        withErrorCode.put("wpuCloseSocketHandle", () -> upcalls.wpuCloseSocketHandle(toRelease));
        withErrorCode.put("wpuModifyIfsHandle", () -> upcalls.wpuModifyIfsHandle(id, file));
        withErrorCode.put("wpuGetProviderPath", () -> upcalls.wpuGetProviderPath(entry.providerId()));
        withErrorCode.put("wpuQueryBlockingCallback", () -> upcalls.wpuQueryBlockingCallback(id));
        withErrorCode.put("wpuQueueApc", () -> upcalls.wpuQueueApc(thread, context -> {
        }, null));
        withErrorCode.put("wpuOpenCurrentThread", upcalls::wpuOpenCurrentThread);
        withErrorCode.put("wpuCloseThread", () -> upcalls.wpuCloseThread(threadToClose));
    }

    /** The fourteen that have an error code, by name. */
    Map<String, ThrowingCallable> withErrorCode() {
        return withErrorCode;
    }

    boolean fdIsSet() {
        return upcalls.wpuFdIsSet(member, set);
    }

    boolean postMessage() {
        return upcalls.wpuPostMessage(window, 1, null, 0);
    }

    /** Makes all of them, and fails unless each succeeds. */
    void assertAllSucceed() {
        withErrorCode.forEach((name, call) -> {
            try {
                call.call();
            } catch (Throwable e) {
                throw new AssertionError(name, e);
            }
        });
        if (!fdIsSet() || !postMessage()) {
            throw new AssertionError("wpuFdIsSet " + fdIsSet() + ", wpuPostMessage " + postMessage());
        }
    }
}
