package org.ws2j.provider.memory;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.provider.base.CompletionRoutines;
import org.ws2j.provider.base.NetworkEvents;
import org.ws2j.provider.base.OpenSockets;
import org.ws2j.provider.base.OverlappedCall;
import org.ws2j.spi.Linger;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** A socket, with one handle or several: its state, and the way that each of its transfers goes. */
abstract class MemorySocket extends OpenSockets.Link {
    final MemoryStack stack;
    final WsaProtocolInfo info;
    final Wire wire;
    final NetworkEvents events;
    final Watchers watchers = new Watchers();
    final OptionValues options = new OptionValues();

    /** Whether overlapped operations are possible; without that they are done synchronously. */
    final boolean overlapped;

    /** Whether synchronous calls answer rather than wait. */
    volatile boolean nonBlocking;

    /** Written under the wire. */
    volatile SocketState state = SocketState.OPEN;

    /** The local address, null before there is one; written under the wire. */
    volatile InetSocketAddress local;

    /** The address of the peer, null without one; written under the wire. */
    volatile InetSocketAddress peer;

    /** Null before the first; guarded by the wire. */
    private CompletionRoutines routines;

    private final AtomicReference<Transfer> freeSend = new AtomicReference<>();
    private final AtomicReference<Transfer> freeReceive = new AtomicReference<>();

    /** Overlapped calls that wait for what never comes; guarded by the wire. */
    private final TransferQueue pendingForEver = new TransferQueue();

    /** The open handles; guarded by the wire. */
    private final List<Descriptor> descriptors = new ArrayList<>(1);

    /** SO_ERROR: the last error that no call has reported; guarded by the wire. */
    private int pendingError;

    MemorySocket(MemoryStack stack, WsaProtocolInfo info, Wire wire, boolean overlapped) {
        this.stack = stack;
        this.info = info;
        this.wire = wire;
        this.overlapped = overlapped;
        this.events = new NetworkEvents(stack, this);
        wire.attach(this);
    }

    /** {@return the local address that getsockname tells, null before there is one} */
    InetSocketAddress localName() {
        return local;
    }

    /** Fails if what AcceptEx or ConnectEx has connected has not been made known to the socket by its client yet. */
    void checkContext() throws WinsockException {
        // Only streams are connected that way.
    }

    abstract void bind(InetSocketAddress name) throws WinsockException;

    /** {@return 0, or WOULD_BLOCK} */
    abstract int connect(InetSocketAddress name) throws WinsockException;

    abstract void shutdown(int how) throws WinsockException;

    /** {@return how many bytes can be received at once} */
    abstract int readable();

    /** {@return whether select calls it ready to receive or accept; the wire is held, as in the next five} */
    abstract boolean isReadable();

    abstract boolean isWritable();

    abstract boolean hasFailedToConnect();

    /** {@return whether urgent data can be received out of line} */
    abstract boolean hasUrgent();

    /** {@return whether its connection was ended by the other end, in whatever way} */
    abstract boolean isHungUp();

    /** {@return whether its connection was reset} */
    abstract boolean isBroken();

    /** Reports what holds at the moment of a selection. */
    abstract void reportHolding();

    /** Re-enables the network event of a transfer's direction, as every call does. */
    abstract void reenable(Transfer t);

    /** Fails if the socket is in no state for the transfer; the wire is held, as in the next four. */
    abstract void check(Transfer t) throws WinsockException;

    /** Tries a transfer; what does not finish is in a queue then. */
    abstract void attempt(Transfer t);

    /** Takes a transfer out of its queue. {@return whether it was in there} */
    abstract boolean withdraw(Transfer t);

    /** After each transfer's call: reports what holds. A synchronous one may be about to answer that it would block. */
    abstract void recheck(Transfer t, boolean blocked);

    /** A blocking call was cancelled when it had moved a part of its data. */
    abstract void cutShort(Transfer t);

    /** Ends the transfers of one handle that wait synchronously; the wire is held. */
    abstract void endWaits(Descriptor closing);

    /** Ends everything: the last handle was closed, or the provider is; the wire is held. */
    abstract void end(boolean resets);

    /** Does what has to be done about the end without the wire. */
    abstract void ended();

    /** Waits, or refuses to, where SO_LINGER asks for it. */
    abstract void linger(Linger linger) throws WinsockException;

    /** SIO_FLUSH: drops what waits to be sent, which is nothing where no send waits. */
    void flush() throws WinsockException {
        checkOpen();
    }

    final boolean isClosed() {
        return state == SocketState.CLOSED;
    }

    final void checkOpen() throws WinsockException {
        if (isClosed()) {
            throw new WinsockException(WsaError.WSAENOTSOCK, this + " is closed");
        }
    }

    // Handles

    /**
     * Gives all handles, and what their client has set, to a socket that takes the place of this one. The wire of this socket
     * is held, which is nobody's but its own or that of a connection; the wire of the other one is taken inside.
     */
    final void succeed(MemorySocket successor) {
        synchronized (successor.wire) {
            successor.nonBlocking = nonBlocking;
            successor.options.inherit(options);
            successor.options.reuseAddress(options.reuseAddress());
            successor.watchers.addAll(watchers);
            successor.events.inherit(events, descriptors.getFirst()::handle);
            for (Descriptor descriptor : descriptors) {
                successor.descriptors.add(descriptor);
                descriptor.socket = successor;
            }
            descriptors.clear();
            pendingForEver.removeIf(t -> true, successor.pendingForEver::add);
        }
        events.cancel();
        watchers.wake();
    }

    final void add(Descriptor descriptor) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            descriptors.add(descriptor);
        }
    }

    /** Takes a handle back that nobody has seen. */
    final void abandon(Descriptor descriptor) {
        boolean last;
        synchronized (wire) {
            descriptors.remove(descriptor);
            descriptor.close();
            last = descriptors.isEmpty() && !isClosed();
            if (last) {
                endAll(true);
            }
        }
        conclude(last);
        descriptor.release();
    }

    /** Closes a handle. {@return false if another socket has taken the place of this one} */
    final boolean close(Descriptor descriptor) throws WinsockException {
        if (isLast(descriptor)) {
            linger(options.linger());
        }
        boolean last;
        synchronized (wire) {
            if (descriptor.isClosed()) {
                throw new WinsockException(WsaError.WSAENOTSOCK, descriptor.handle() + " was closed by another thread");
            }
            if (!descriptors.remove(descriptor)) {
                return false;
            }
            descriptor.close();
            last = descriptors.isEmpty();
            if (last) {
                endAll(options.linger().onoff() && options.linger().seconds() == 0);
            } else {
                endWaits(descriptor);
            }
            watchers.wake();
        }
        conclude(last);
        descriptor.release();
        return true;
    }

    private void endAll(boolean resets) {
        pendingForEver.removeIf(t -> true, wire::abort);
        end(resets);
    }

    private boolean isLast(Descriptor descriptor) {
        synchronized (wire) {
            return descriptors.size() == 1 && descriptors.contains(descriptor);
        }
    }

    private void conclude(boolean last) {
        if (last) {
            ended();
            stack.forget(this);
        }
        wire.deliver();
    }

    /** The last clean-up: as a close of all handles, without an indication. */
    final void shutDown() {
        List<Descriptor> open;
        synchronized (wire) {
            open = List.copyOf(descriptors);
            descriptors.clear();
            open.forEach(Descriptor::close);
            if (!isClosed()) {
                endAll(true);
            }
            watchers.wake();
        }
        conclude(true);
        open.forEach(Descriptor::releaseNow);
    }

    // Transfers

    final Transfer take(Descriptor descriptor, boolean sending) {
        Transfer t = (sending ? freeSend : freeReceive).getAndSet(null);
        if (t == null) {
            t = new Transfer(this, sending);
        }
        t.descriptor = descriptor;
        return t;
    }

    final void giveBack(Transfer t) {
        t.clear();
        if (!isClosed()) {
            (t.sending ? freeSend : freeReceive).set(t);
        }
    }

    /** Gives back a transfer with bad parameters; the call counts all the same. */
    final void refuse(Transfer t) {
        synchronized (wire) {
            reenable(t);
            recheck(t, false);
        }
        wire.deliver();
        giveBack(t);
    }

    /**
     * Starts a transfer and, if it is synchronous and the socket blocking, finishes it.
     *
     * @param t the transfer, which is not the caller's any more afterwards
     * @return as the WSP function
     */
    long start(Transfer t) throws WinsockException {
        boolean block = !t.isOverlapped() && (t.alwaysWaits || !nonBlocking);
        boolean mine = true;
        try {
            beginBlock(t);
            boolean over;
            try {
                synchronized (wire) {
                    over = begin(t, block);
                    mine = over || !t.isOverlapped();
                }
            } catch (WinsockException e) {
                endBlock(t, e);
                throw e;
            } finally {
                wire.deliver();
            }
            if (!mine) {
                return WspResult.IO_PENDING;
            }
            if (over && t.isOverlapped()) {
                mine = false;
                return indicateNow(t);
            }
            if (over) {
                return outcome(t);
            }
            return block ? await(t) : t.transferred == 0 ? WspResult.WOULD_BLOCK : t.transferred;
        } finally {
            if (mine) {
                giveBack(t);
            }
        }
    }

    /** Tries for the first time. {@return whether it is over} */
    private boolean begin(Transfer t, boolean block) throws WinsockException {
        boolean blocked = false;
        reenable(t);
        try {
            check(t);
            checkOpen(t);
            t.starting = true;
            attempt(t);
            t.starting = false;
            if (!t.finished && block) {
                t.parked = Thread.currentThread();
            } else if (!t.finished && !t.isOverlapped()) {
                withdraw(t);
                blocked = t.transferred == 0;
            }
            return t.finished;
        } finally {
            recheck(t, blocked);
        }
    }

    /** The close of a handle ends the calls that wait with it; one that only begins finds it closed. */
    private static void checkOpen(Transfer t) throws WinsockException {
        if (!t.isOverlapped() && t.descriptor.isClosed()) {
            throw new WinsockException(WsaError.WSAENOTSOCK, t.descriptor.handle() + " was closed by another thread");
        }
    }

    /** An overlapped transfer uses the handle until it was indicated. */
    final void beginBlock(Transfer t) throws WinsockException {
        if (!t.isOverlapped()) {
            return;
        }
        t.descriptor.retain();
        boolean begun = false;
        try {
            t.begin(stack.upcalls());
            begun = true;
        } finally {
            if (!begun) {
                t.descriptor.release();
            }
        }
    }

    /** The failure of an overlapped transfer that was never started is the call's, and has no indication. */
    final void endBlock(Transfer t, WinsockException e) {
        if (t.isOverlapped()) {
            t.abandon(e.code());
            t.descriptor.release();
        }
    }

    /** A failure that has brought data is a completion like any other, given before the call returns. */
    final long indicateNow(Transfer t) {
        long result = t.failure == null ? t.transferred : WspResult.IO_PENDING;
        indicate(t);
        return result;
    }

    final long outcome(Transfer t) throws WinsockException {
        if (t.failure != null) {
            throw t.failure;
        }
        return t.transferred;
    }

    /** Parks the calling thread until its transfer was delivered. */
    private long await(Transfer t) throws WinsockException {
        boolean interrupted = false;
        try {
            int millis = t.sending ? options.sendTimeoutMillis() : options.receiveTimeoutMillis();
            BlockingCall call = BlockingCall.ofMillis(stack, info.catalogEntryId(), millis);
            while (!t.over) {
                long nanos = call.beforeWait();
                if (!t.over) {
                    stack.services().clock().parkNanos(this, nanos);
                    interrupted |= Thread.interrupted();
                }
            }
            return outcome(t);
        } catch (WinsockException e) {
            if (e == t.failure || giveUp(t, e)) {
                throw e;
            }
            return outcome(t);
        } catch (RuntimeException | Error e) {
            // The clock lets the thread wait no longer: nobody is there any more for what would still come.
            synchronized (wire) {
                withdraw(t);
            }
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends a wait before its time. {@return false if the transfer has finished meanwhile, or has brought something} */
    private boolean giveUp(Transfer t, WinsockException why) {
        boolean withdrawn;
        synchronized (wire) {
            withdrawn = withdraw(t);
            if (withdrawn && t.transferred > 0 && why.is(WsaError.WSAEINTR)) {
                cutShort(t);
            }
        }
        wire.deliver();
        while (!withdrawn && !t.over) { // It has finished: whoever has done that is about to deliver it.
            stack.services().clock().parkNanos(this, Long.MAX_VALUE);
        }
        return withdrawn && (t.sending || t.transferred == 0);
    }

    // Completion

    /** Gives the one indication of a transfer that is over; it is not the caller's any more. No lock is held. */
    final void indicate(Transfer t) {
        WsaOverlapped block = t.overlapped;
        Descriptor descriptor = t.descriptor;
        int error = t.error();
        int bytes = (int) t.transferred;
        try {
            if (stack.isDown()) {
                OverlappedCall.abandonAtCleanUp(block);
                giveBack(t);
                return;
            }
            block.offset(0);
            block.offsetHigh(error);
            if (t.routine != null) {
                block.internalHigh(bytes);
                block.internal(error);
                routines().queue(t);
                return;
            }
            giveBack(t);
            stack.upcalls().wpuCompleteOverlappedRequest(descriptor.handle(), block, error, bytes);
        } catch (WinsockException e) {
            if (stack.isDown()) { // Since the look above.
                OverlappedCall.abandonAtCleanUp(block);
            } else {
                stack.services().report("completing a request of " + this, e);
            }
        } finally {
            descriptor.release();
        }
    }

    private CompletionRoutines routines() {
        synchronized (wire) {
            routines = routines == null ? new CompletionRoutines(stack) : routines;
            return routines;
        }
    }

    /** Indicates an overlapped operation without data that was over at once; with a failure or with null. */
    final void indicateAtOnce(Descriptor descriptor, WsaOverlapped block, WsaCompletionRoutine routine,
            WsaThreadId thread, WinsockException failure) throws WinsockException {
        Transfer t = take(descriptor, true);
        t.overlapped(block, routine, thread);
        t.failure = failure;
        beginBlock(t);
        indicate(t);
    }

    /** Starts an overlapped operation that ends with the socket. {@return IO_PENDING} */
    final long pend(Transfer t) throws WinsockException {
        beginBlock(t);
        try {
            synchronized (wire) {
                checkOpen();
                pendingForEver.add(t);
            }
        } catch (WinsockException e) {
            endBlock(t, e);
            giveBack(t);
            throw e;
        }
        return WspResult.IO_PENDING;
    }

    /** {@return how a transfer ends that its own side's end has overtaken} */
    final WinsockException aborted(Transfer t) {
        return t.parked == null
                ? new WinsockException(WsaError.WSA_OPERATION_ABORTED, this + " was closed")
                : new WinsockException(WsaError.WSAEINTR, this + " was closed");
    }

    // Network events and modes

    /** {@return what a poll would answer if it was asked about everything} */
    final int pollState() {
        synchronized (wire) {
            boolean failed = hasFailedToConnect() || isBroken();
            return (isReadable() ? WsaPollFd.POLLRDNORM : 0)
                    | (hasUrgent() ? WsaPollFd.POLLRDBAND : 0)
                    | (isWritable() ? WsaPollFd.POLLWRNORM : 0)
                    | (failed ? WsaPollFd.POLLERR : 0)
                    | (failed || isHungUp() ? WsaPollFd.POLLHUP : 0);
        }
    }

    final void eventSelect(WsaEvent event, int bits) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            nonBlocking = true;
            events.select(event, bits);
            reportHolding();
        }
        wire.deliver();
    }

    final void asyncSelect(Descriptor descriptor, WindowHandle window, int message, int bits) throws WinsockException {
        synchronized (wire) {
            checkOpen();
            nonBlocking = true;
            events.select(window, message, descriptor::handle, bits);
            reportHolding();
        }
        wire.deliver();
    }

    final void setNonBlocking(boolean on) throws WinsockException {
        synchronized (wire) {
            if (!on && events.isActive()) {
                throw new WinsockException(WsaError.WSAEINVAL, this + " has network events selected");
            }
            nonBlocking = on;
        }
    }

    // Errors

    /** Keeps an error for SO_ERROR; the wire is held. */
    final void noteError(WsaError error) {
        pendingError = error.code();
    }

    final int takeError() {
        synchronized (wire) {
            int error = pendingError;
            pendingError = 0;
            return error;
        }
    }

    @Override
    public String toString() {
        return info.protocolName() + " socket at " + local;
    }
}
