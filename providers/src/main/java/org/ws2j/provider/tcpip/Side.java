package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Predicate;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WspResult;

/**
 * One direction of a socket: its synchronous transfers, and the queue of its overlapped ones, first in, first out.
 *
 * <p>Every transfer is tried first, at once, under the lock that the side is. What cannot finish waits at a {@link Waiter}
 * (synchronous), in the queue (overlapped), or in the queue and parked (synchronous behind overlapped, of a virtual thread, or
 * where there is no waiter left). Nothing waits under the lock but a transfer inside the system, until somebody wants the lock.
 * Indications are given when the lock is free again. It guards the queue, the free list, and what the subclass says.
 */
@SuppressWarnings("serial") // see SideLock
abstract class Side extends SideLock {
    private static final int MAX_FREE = 8;

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Of so many synchronous transfers that are expected to wait, one is tried first all the same: a power of two. */
    private static final int RETRY_INTERVAL = 16;

    private static final AtomicReferenceFieldUpdater<Side, SelectorWaiter> KEPT =
            AtomicReferenceFieldUpdater.newUpdater(Side.class, SelectorWaiter.class, "kept");

    private static final AtomicReferenceFieldUpdater<Side, Transfer> SPARE =
            AtomicReferenceFieldUpdater.newUpdater(Side.class, Transfer.class, "spare");

    final TcpIpSocket socket;

    /** The selector of the last synchronous wait; see {@link WaiterPool}. */
    private volatile SelectorWaiter kept;

    /** Why this direction of the connection is gone; null as long as it is not. */
    private volatile WinsockException broken;

    private Transfer head;
    private Transfer tail;

    /** The transfer that was given back last, which most calls do with: it costs them no lock. */
    private volatile Transfer spare;

    private Transfer free;
    private byte freeCount;

    /** How many synchronous transfers in a row had to wait, as far as is known: a hint, which threads may spoil for each other. */
    private byte waitsInARow;

    Side(TcpIpSocket socket) {
        this.socket = socket;
    }

    /** Re-enables the network event of this direction, as every call does. */
    abstract void reenable();

    /** Fails if the socket is in no state for the transfer. */
    abstract void check(Transfer t) throws WinsockException;

    /** Tries once. {@return whether the transfer is over, well or with a failure that has brought data} */
    abstract boolean attempt(Transfer t) throws IOException;

    /**
     * Tells whether an attempt would ask the channel, and do nothing else but that: then its readiness can be waited for first. The
     * lock is held.
     */
    boolean dependsOnChannel(Transfer t) {
        return false;
    }

    /** {@return whether an attempt would find something without asking the channel} Takes the lock. */
    boolean hasSomething() {
        return false;
    }

    /** {@return whether an attempt may be one call of the channel, and nothing else that takes time} Needs no lock. */
    boolean mayBeOneCall(Transfer t) {
        return false;
    }

    /** {@return whether it is that now, where it may be} The lock is held. */
    boolean isOneCall(Transfer t) {
        return true;
    }

    /** A synchronous transfer is about to answer that it would block. */
    abstract void blocked();

    /** After each call, and each round of the poller: reports what holds, and asks the poller for what does not. */
    abstract void recheck();

    /** {@return what a channel is watched for, as a selection key operation} */
    abstract int operation();

    /** {@return the time-out option, in milliseconds, 0 for none} */
    abstract int timeoutMillis();

    /** A blocking call was cancelled in the middle of a transfer. */
    abstract void cutShort();

    /** {@return the selector that it keeps, which it does not any more; null for none} */
    final SelectorWaiter takeKept() {
        return KEPT.getAndSet(this, null);
    }

    /** Keeps a selector. {@return false if it has one already} */
    final boolean keep(SelectorWaiter waiter) {
        return KEPT.compareAndSet(this, null, waiter);
    }

    /** Whether it would block even where the channel has room: overlapped transfers come first. */
    final boolean isQueueEmpty() {
        assert isHeldByCurrentThread();
        return head == null;
    }

    final Transfer take() {
        Transfer t = SPARE.getAndSet(this, null);
        return t == null ? takeFree() : t;
    }

    private Transfer takeFree() {
        if (isInside()) {
            return new Transfer(this); // One who waits inside is not to be disturbed for that.
        }
        lock();
        try {
            Transfer t = free;
            if (t == null) {
                return new Transfer(this);
            }
            free = t.next;
            freeCount--;
            t.next = null;
            return t;
        } finally {
            unlock();
        }
    }

    final void giveBack(Transfer t) {
        t.clear();
        if (spare == null) {
            SPARE.lazySet(this, t); // Of two threads that do this at once one's transfer is lost, which is no loss.
        } else {
            giveBackFree(t);
        }
    }

    private void giveBackFree(Transfer t) {
        lock();
        try {
            if (freeCount < MAX_FREE && !socket.isClosed()) {
                t.next = free;
                free = t;
                freeCount++;
            }
        } finally {
            unlock();
        }
    }

    /** Gives back a transfer with bad parameters; the call counts all the same. */
    final void refuse(Transfer t) {
        lock();
        try {
            reenable();
            recheck();
        } finally {
            unlock();
        }
        socket.events.deliver();
        giveBack(t);
    }

    /**
     * Starts a transfer and, if it is synchronous and the socket blocking, finishes it.
     *
     * @param t the transfer, which is not the caller's any more afterwards
     * @return as the WSP function
     */
    final long start(Transfer t) throws WinsockException {
        return t.isOverlapped() ? startOverlapped(t) : startSynchronous(t);
    }

    private long startSynchronous(Transfer t) throws WinsockException {
        try {
            boolean block = t.alwaysWaits || !socket.nonBlocking;
            long limit = block ? timeoutNanos() : 0; // Whatever the option is set to meanwhile.
            boolean inside = block && socket.isBlockingBelow() && mayWaitInside(t, limit);
            if (block && !inside && isLikelyToWait(limit)) {
                return block(t, true, limit);
            }
            if (isOverAtOnce(t, block, inside)) {
                waitsInARow = 0;
                return outcome(t);
            }
            return block ? block(t, false, limit) : t.transferred == 0 ? WspResult.WOULD_BLOCK : t.transferred;
        } catch (WinsockException e) {
            if (t.hasPart()) {
                return t.received(null);
            }
            if (e.is(WsaError.WSAEINTR) && t.transferred > 0 && !socket.isClosed()) {
                cutShort();
            }
            throw e;
        } finally {
            giveBack(t);
        }
    }

    /**
     * Who has waited for the last answer waits for the next one, too: an attempt before that costs a call of the system. But where a
     * time-out or an interrupt can end the wait, what is there is to come before it.
     */
    private boolean isLikelyToWait(long limit) {
        return limit == Long.MAX_VALUE
                && !Thread.currentThread().isVirtual()
                && (waitsInARow & (RETRY_INTERVAL - 1)) != 0;
    }

    /** The first attempt, which takes as long as it takes if it is made inside, unless somebody wants the lock. */
    private boolean isOverAtOnce(Transfer t, boolean block, boolean inside) throws WinsockException {
        lock();
        try {
            reenable();
            check(t);
            if (inside) {
                checkOpen(t.handle); // From here on who closes it drives this thread out.
            }
            boolean over = head == null && tryAsLongAsItTakes(t, inside);
            if (!over && !block && t.transferred == 0) {
                blocked();
            }
            return over;
        } finally {
            recheck();
            unlock();
            socket.events.deliver();
        }
    }

    private long startOverlapped(Transfer t) throws WinsockException {
        boolean mine = true;
        try {
            lock();
            try {
                reenable();
                if (!begin(t)) {
                    enqueue(t);
                    mine = false;
                }
            } finally {
                recheck();
                unlock();
                socket.events.deliver();
            }
            if (!mine) {
                return WspResult.IO_PENDING;
            }
            // A failure that has brought data is a completion like any other, given before the call returns.
            long result = t.failure == null ? t.transferred : WspResult.IO_PENDING;
            mine = false;
            socket.indicateAtOnce(t);
            return result;
        } finally {
            if (mine) {
                giveBack(t);
            }
        }
    }

    /** Tries an overlapped transfer for the first time; a failure is the call's, and has no indication. */
    private boolean begin(Transfer t) throws WinsockException {
        check(t);
        t.begin(socket.network.upcalls());
        try {
            return head == null && tryOnce(t);
        } catch (WinsockException e) {
            t.abandon(e.code());
            throw e;
        }
    }

    private boolean tryOnce(Transfer t) throws WinsockException {
        try {
            return attempt(t);
        } catch (IOException | RuntimeException e) {
            throw JdkErrors.of(socket.toString(), e);
        }
    }

    /** Waits for at most {@code limit} nanoseconds. */
    private long block(Transfer t, boolean isUntried, long limit) throws WinsockException {
        if (!socket.isBlockingBelow()) {
            waitsInARow++;
        }
        return socket.network.waiters().hasOne() ? blockAtChannel(t, isUntried, limit)
                : blockInQueue(t, isUntried, limit);
    }

    /** Waits as an overlapped transfer does: the poller finishes it, and wakes the thread. */
    private long blockInQueue(Transfer t, boolean isUntried, long limit) throws WinsockException {
        BlockingCall call = BlockingCall.ofNanos(socket.network, socket.info.catalogEntryId(), limit);
        lock();
        try {
            if (isUntried) {
                reenable();
            }
            checkOpen(t.handle);
            check(t);
            if (head == null && !dependsOnChannel(t) && tryOnce(t)) {
                return outcome(t);
            }
            enqueueParked(t);
        } finally {
            recheck();
            unlock();
            socket.events.deliver();
        }
        return park(t, call);
    }

    private void enqueueParked(Transfer t) {
        t.parked = Thread.currentThread();
        enqueue(t);
    }

    private long blockAtChannel(Transfer t, boolean isUntried, long limit) throws WinsockException {
        Waiter waiter = socket.takeWaiter(this); // First: who changes the socket's state from here on wakes it.
        BlockingCall call = waiter.call(socket.network).begin(socket.info.catalogEntryId(), limit);
        try {
            boolean inside = waiter instanceof ThreadWaiter
                    && !socket.isClosed() // After which the host has no answers any more, if it was the last clean-up.
                    && mayWaitInside(t, limit)
                    && socket.blockBelow();
            if (isOverBeforeWait(t, isUntried, inside)) {
                return outcome(t);
            }
            while (true) {
                socket.await(waiter, operation(), call);
                boolean over;
                lock();
                try {
                    checkOpen(t.handle);
                    check(t);
                    over = head == null && tryAsLongAsItTakes(t, inside);
                    if (!over && head != null) {
                        enqueueParked(t);
                    }
                } finally {
                    recheck();
                    unlock();
                    socket.events.deliver();
                }
                if (over) {
                    return outcome(t);
                }
                if (t.parked != null) {
                    return park(t, call);
                }
            }
        } finally {
            socket.remove(waiter, this);
        }
    }

    /**
     * Tells whether nothing but its channel and an end of the socket can end a transfer. Then it waits inside the system, and under
     * the lock, which whoever wants it drives the thread out of: that is one call of the system, where a wait and an attempt are
     * two.
     */
    private boolean mayWaitInside(Transfer t, long limit) throws WinsockException {
        return mayBeOneCall(t)
                && !t.alwaysWaits
                && limit == Long.MAX_VALUE
                && !Thread.currentThread().isVirtual()
                && socket.interruptAction() == null
                && socket.network.upcalls().wpuQueryBlockingCallback(socket.info.catalogEntryId()) == null;
    }

    @Override
    final void driveOut() {
        socket.insider(this).driveOut();
    }

    /** Tries once, inside the system if that may be; the lock is held. */
    private boolean tryAsLongAsItTakes(Transfer t, boolean inside) throws WinsockException {
        if (!inside || !isOneCall(t) || socket.interruptAction() != null) {
            return tryOnce(t);
        }
        socket.insider(this).enter();
        if (!goInside()) {
            return tryOnce(t);
        }
        try {
            return tryOnce(t);
        } finally {
            comeOut();
        }
    }

    private long timeoutNanos() {
        int millis = timeoutMillis();
        return millis == 0 ? Long.MAX_VALUE : (millis & 0xFFFFFFFFL) * NANOS_PER_MILLI;
    }

    /**
     * Goes before the first wait, now that who changes the state, or reads ahead, wakes the waiter: tries, unless the channel alone
     * decides, or has already, and is waited for, and that not inside.
     */
    private boolean isOverBeforeWait(Transfer t, boolean isUntried, boolean inside) throws WinsockException {
        lock();
        try {
            if (isUntried) {
                reenable();
            }
            checkOpen(t.handle);
            check(t);
            boolean tries = inside || (isUntried ? !dependsOnChannel(t) : hasSomething());
            return head == null && tries && tryAsLongAsItTakes(t, inside);
        } finally {
            recheck();
            unlock();
            socket.events.deliver();
        }
    }

    /** Remembers that the channel has failed in this direction; the other one lives on as long as it does. */
    final WinsockException broke(WinsockException failure) {
        broken = failure;
        return failure;
    }

    /** Another connection begins; the lock is held. */
    void renew() {
        broken = null;
    }

    final boolean isBroken() {
        return broken != null;
    }

    final void checkUnbroken() throws WinsockException {
        WinsockException known = broken;
        if (known != null) {
            throw new WinsockException(known.code(), "the connection of " + socket + " is gone", known);
        }
    }

    /**
     * Fails if the socket was closed, or is about to be by the last clean-up, while a call waited.
     *
     * @param s the handle that the call was made with, which may be closed although the socket is not; null for none
     */
    final void checkOpen(SocketHandle s) throws WinsockException {
        if (socket.isClosed() || socket.network.isDown() || socket.handles.wasClosed(socket, s)) {
            throw new WinsockException(WsaError.WSAEINTR, socket + " was closed");
        }
    }

    /** Waits for a synchronous transfer in the queue. */
    private long park(Transfer t, BlockingCall call) throws WinsockException {
        boolean interrupted = false;
        boolean leaving = false;
        try {
            while (!t.over) {
                long nanos = Long.MAX_VALUE;
                if (!leaving) {
                    try {
                        nanos = call.beforeWait();
                    } catch (WinsockException e) {
                        if (withdraw(t)) {
                            throw e;
                        }
                        leaving = true; // It is being finished at this moment.
                        continue;
                    }
                }
                socket.network.services().clock().parkNanos(this, nanos);
                if (Thread.interrupted()) {
                    interrupted = true;
                    actOnInterrupt();
                }
            }
        } catch (RuntimeException | Error e) { // Of a hook, or of what an interrupt does.
            if (!withdraw(t)) {
                awaitOver(t);
            }
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return outcome(t);
    }

    /** Another thread finishes it at this moment. */
    private static void awaitOver(Transfer t) {
        while (!t.over) {
            Thread.onSpinWait();
        }
    }

    private void actOnInterrupt() {
        Runnable action = socket.interruptAction();
        if (action != null) {
            action.run();
            Thread.interrupted();
        }
    }

    private static long outcome(Transfer t) throws WinsockException {
        if (t.failure != null) {
            throw t.failure;
        }
        return t.transferred;
    }

    /** {@return whether a thread waits inside, or in the queue} */
    final boolean isWaitedFor() {
        if (isInside()) {
            return true;
        }
        lock();
        try {
            for (Transfer each = head; each != null; each = each.next) {
                if (each.parked != null) {
                    return true;
                }
            }
            return false;
        } finally {
            unlock();
        }
    }

    /** Ends the wait of a parked transfer. */
    static void unpark(Transfer t) {
        Thread thread = t.parked;
        t.over = true;
        t.side.socket.network.services().clock().unpark(thread);
    }

    private void enqueue(Transfer t) {
        t.next = null;
        t.queued = true;
        if (tail == null) {
            head = t;
        } else {
            tail.next = t;
        }
        tail = t;
    }

    private boolean withdraw(Transfer t) {
        lock();
        try {
            Transfer before = null;
            for (Transfer each = head; each != null; before = each, each = each.next) {
                if (each == t) {
                    unlink(before, each);
                    return true;
                }
            }
            return false;
        } finally {
            unlock();
        }
    }

    private void unlink(Transfer before, Transfer t) {
        if (before == null) {
            head = t.next;
        } else {
            before.next = t.next;
        }
        if (tail == t) {
            tail = before;
        }
        t.next = null;
    }

    /** Goes on with the queue. {@return what is over, to be indicated when the lock is free} */
    final Transfer advance() {
        assert isHeldByCurrentThread();
        Transfer first = null;
        Transfer last = null;
        while (head != null && isOver(head)) {
            Transfer t = head;
            unlink(null, t);
            if (last == null) {
                first = t;
            } else {
                last.next = t;
            }
            last = t;
        }
        return first;
    }

    private boolean isOver(Transfer t) {
        try {
            if (t.parked != null) {
                checkOpen(t.handle);
            }
            check(t);
            return tryOnce(t);
        } catch (WinsockException e) {
            t.failure = e;
            return true;
        }
    }

    /** Empties the queue. {@return what was in it, failed, to be indicated when the lock is free} */
    final Transfer fail(WsaError error, String what) {
        assert isHeldByCurrentThread();
        Transfer first = head;
        if (first == null) {
            return null;
        }
        String why = socket + what;
        for (Transfer t = first; t != null; t = t.next) {
            t.failure = new WinsockException(t.parked != null ? parkedError(error) : error, why);
        }
        head = null;
        tail = null;
        return first;
    }

    /**
     * Ends overlapped transfers, each with its indication.
     *
     * @param block the block of the transfer; null for all
     * @return whether there was one
     */
    final boolean cancel(WsaOverlapped block) {
        return end(t -> t.isOverlapped() && (block == null || t.overlapped == block), WsaError.WSA_OPERATION_ABORTED,
                " was cancelled");
    }

    /** Ends synchronous transfers that wait, and were started with a handle that is closed: who is inside is driven out. */
    final void endWaits(SocketHandle closed) {
        end(t -> t.parked != null && t.handle == closed, WsaError.WSAEINTR, " was closed");
    }

    /** The same, whichever handle it was. */
    final void endWaitsOfClosed() {
        end(t -> t.parked != null && socket.handles.wasClosed(socket, t.handle), WsaError.WSAEINTR, " was closed");
    }

    private boolean end(Predicate<Transfer> which, WsaError error, String what) {
        Transfer ended;
        lock(); // Also if there is nothing in the queue, for the sake of who is inside.
        try {
            ended = takeOut(which);
            for (Transfer t = ended; t != null; t = t.next) {
                t.failure = new WinsockException(error, "an operation on " + socket + what);
            }
            if (head == null) {
                emptied();
            }
        } finally {
            unlock();
        }
        socket.events.deliver();
        socket.indicateAll(ended);
        return ended != null;
    }

    /** {@return those transfers of the queue that fit, in their order} */
    private Transfer takeOut(Predicate<Transfer> which) {
        Transfer first = null;
        Transfer last = null;
        Transfer before = null;
        Transfer t = head;
        while (t != null) {
            Transfer next = t.next;
            if (!which.test(t)) {
                before = t;
            } else {
                unlink(before, t);
                first = first == null ? t : first;
                if (last != null) {
                    last.next = t;
                }
                last = t;
            }
            t = next;
        }
        return first;
    }

    /** The queue was emptied, by other means than transferring. */
    void emptied() {}

    private static WsaError parkedError(WsaError error) {
        return error == WsaError.WSA_OPERATION_ABORTED ? WsaError.WSAEINTR : error;
    }

    /** Drops what is kept for transfers to come, when the socket is closed. */
    final void forget() throws IOException {
        lock();
        try {
            spare = null;
            free = null;
            freeCount = 0;
        } finally {
            unlock();
        }
        socket.network.waiters().release(this);
    }
}
