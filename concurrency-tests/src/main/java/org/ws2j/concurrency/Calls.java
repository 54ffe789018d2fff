package org.ws2j.concurrency;

import static org.ws2j.concurrency.Host.EVENTS;
import static org.ws2j.concurrency.Host.OWNER;
import static org.ws2j.concurrency.Host.PORTS;
import static org.ws2j.concurrency.Host.THREADS;

import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaThreadId;

/**
 * The host's functions without checked exceptions, which actors must not throw.
 *
 * <p>An error where none may be is an {@link AssertionError}, by which jcstress fails the test; {@link #codeOf} makes an outcome
 * of one that may be.
 */
public final class Calls {
    private Calls() {
    }

    /** Something that may fail. */
    @FunctionalInterface
    public interface Call {
        /** Does it. */
        void run() throws WinsockException;
    }

    private interface Answer<T> {
        T get() throws WinsockException;
    }

    /** {@return the error that a call ends with, 0 for none} */
    public static int codeOf(Call call) {
        try {
            call.run();
            return 0;
        } catch (WinsockException e) {
            return e.code();
        }
    }

    /** Sets an event. */
    public static void set(WsaEvent event) {
        succeed(() -> EVENTS.setEvent(event));
    }

    /** Resets an event. */
    public static void reset(WsaEvent event) {
        succeed(() -> EVENTS.resetEvent(event));
    }

    /** Closes an event. */
    public static void close(WsaEvent event) {
        succeed(() -> EVENTS.closeEvent(event));
    }

    /** {@return what a wait for an event answers} */
    public static int waitFor(WsaEvent event, long timeoutMillis) {
        return answer(() -> EVENTS.waitForSingleEvent(event, timeoutMillis, false));
    }

    /** {@return what an alertable wait for an event answers} */
    public static int waitAlertably(WsaEvent event, long timeoutMillis) {
        return answer(() -> EVENTS.waitForSingleEvent(event, timeoutMillis, true));
    }

    /** {@return what a wait for any of two events answers} */
    public static int waitForAny(WsaEvent first, WsaEvent second, long timeoutMillis) {
        return waitForBoth(first, second, false, timeoutMillis);
    }

    /** {@return what a wait for all of two events answers} */
    public static int waitForAll(WsaEvent first, WsaEvent second, long timeoutMillis) {
        return waitForBoth(first, second, true, timeoutMillis);
    }

    private static int waitForBoth(WsaEvent first, WsaEvent second, boolean all, long timeoutMillis) {
        return answer(() -> EVENTS.waitForMultipleEvents(new WsaEvent[] {first, second}, all, timeoutMillis, false));
    }

    /** Closes two events; {@return which were still signaled: 1 for the first, 2 for the second} */
    public static int left(WsaEvent first, WsaEvent second) {
        int left = (waitFor(first, 0) == 0 ? 1 : 0) + (waitFor(second, 0) == 0 ? 2 : 0);
        close(first);
        close(second);
        return left;
    }

    /** Queues a procedure. */
    public static void queue(WsaThreadId id, UserApc procedure, Object context) {
        succeed(() -> THREADS.queueApc(id, procedure, context));
    }

    /** Closes a thread id. */
    public static void close(WsaThreadId id) {
        succeed(() -> THREADS.close(id));
    }

    /** {@return a new handle in a table, with a context} */
    public static CreatedSocket newHandle(HandleTable table, Object context) {
        return answer(() -> table.create(1, OWNER, context));
    }

    /** {@return a port that lets two threads run} */
    public static CompletionPort newPort() {
        return answer(() -> PORTS.createIoCompletionPort(2));
    }

    /** Posts a packet that says so many bytes. */
    public static void post(CompletionPort port, int bytes) {
        succeed(() -> PORTS.postQueuedCompletionStatus(port, bytes, null, null));
    }

    /** {@return how many bytes the next packet says, 0 if none comes in time} */
    public static int take(CompletionPort port, long timeoutMillis) {
        CompletionPacket packet = new CompletionPacket();
        return take(port, packet, timeoutMillis) ? packet.bytesTransferred() : 0;
    }

    /** Takes the next packet; {@return false if none comes in time} */
    public static boolean take(CompletionPort port, CompletionPacket packet, long timeoutMillis) {
        return answer(() -> PORTS.getQueuedCompletionStatus(port, packet, timeoutMillis));
    }

    /** Ties a handle to a port. */
    public static void associate(CreatedSocket s, CompletionPort port) {
        succeed(() -> PORTS.associate(s, port, "key"));
    }

    /** Closes a port. */
    public static void close(CompletionPort port) {
        succeed(() -> PORTS.closeIoCompletionPort(port));
    }

    private static void succeed(Call call) {
        answer(() -> {
            call.run();
            return true;
        });
    }

    private static <T> T answer(Answer<T> call) {
        try {
            return call.get();
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }
}
