package org.ws2j.provider.tcpip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.provider.address.Addresses;
import org.ws2j.provider.base.BlockingCall;
import org.ws2j.provider.base.CompletionRoutines;
import org.ws2j.provider.base.NetworkEvents;
import org.ws2j.provider.base.OpenSockets;
import org.ws2j.provider.base.OverlappedCall;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/**
 * A socket: the file object behind a handle, and the slot that its channel lies in.
 *
 * <p><b>Lock order</b>, of everything in this package: start lock of the provider; receive lock, then send lock of a socket
 * ({@link Side#lock}); record lock of its network events; then the leaves, none of which is taken inside another: key lock of
 * a {@link Watch}, list of waiters, pool of waiters, frames of completion routines, start lock of the poller. Who selects
 * ({@link SharedSelector}) takes none of them inside. Who holds a side may wait inside the system, and is driven out by who wants it
 * ({@link SideLock}, whose monitor is another leaf). Of the host, {@code wpuResetEvent} alone is called under a lock, as it
 * may be; events, messages, procedures, completions and hooks never are.
 */
abstract sealed class TcpIpSocket extends OpenSockets.Link implements ChannelFile permits TcpSocket, UdpSocket {
    final Network network;
    final WsaProtocolInfo info;
    /** What is selected, and was reported; those of the network as long as nothing is. Written under both transfer locks. */
    volatile NetworkEvents events;

    /** The socket's own from the first change on, and until then those that nobody changes. */
    private volatile OptionValues options = OptionValues.UNCHANGED;

    /** Whether overlapped operations are possible; without that they are done synchronously. */
    final boolean overlapped;

    /** Whether synchronous calls answer rather than wait. */
    volatile boolean nonBlocking;

    /** Whether a client of an IPv6 socket has asked for IPv4 addresses on it. */
    volatile boolean dualStack;

    /** What a thread does that is interrupted while it waits; null to wait on. */
    private volatile Runnable interruptAction;

    /** Whether no thread but a virtual one does that. */
    private volatile boolean onlyVirtualInterrupted;

    /** Written under both transfer locks. */
    volatile SocketState state = SocketState.OPEN;

    final Handles handles = new Handles();

    /** What the poller is asked for; null before anything is. Written under {@code handles}. */
    private volatile Watch watch;

    /** Who waits for this socket, but for those inside; null before anybody has. Guarded by {@code handles}, as what follows. */
    private List<Waiter> waiters;

    /** Null before the first. */
    private CompletionRoutines routines;

    /** SO_ERROR: the last error that no call has reported. */
    private int pendingError;

    TcpIpSocket(Network network, WsaProtocolInfo info, boolean overlapped) {
        this.network = network;
        this.info = info;
        this.overlapped = overlapped;
        this.events = network.noEvents();
    }

    abstract Side receiving();

    abstract Side sending();

    @Override
    public abstract SelectableChannel channel();

    /**
     * Returns an address as one that the socket can have to do with.
     *
     * @param address the address
     * @param ofOtherFamily how an address of another kind is answered
     */
    final InetSocketAddress check(SocketAddress address, WsaError ofOtherFamily) throws WinsockException {
        return dualStack ? Addresses.checkEither(address, info, ofOtherFamily)
                : Addresses.check(address, info, ofOtherFamily);
    }

    abstract void bind(InetSocketAddress name) throws WinsockException;

    /** {@return the values of the options, to be read} */
    final OptionValues options() {
        return options;
    }

    /** {@return the values of the options, to be changed} */
    final OptionValues ownOptions() {
        synchronized (handles) {
            OptionValues own = options == OptionValues.UNCHANGED ? new OptionValues() : options;
            options = own;
            return own;
        }
    }

    /** Takes the options of the listener, if there are any to be taken. */
    final void inheritOptions(TcpIpSocket listener) {
        OptionValues theirs = listener.options;
        if (theirs.hasHeritage()) {
            ownOptions().inherit(theirs);
        }
    }

    /** {@return 0, or WOULD_BLOCK} */
    abstract int connect(InetSocketAddress name) throws WinsockException;

    abstract void shutdown(int how) throws WinsockException;

    /** {@return the local address, null before there is one} */
    abstract InetSocketAddress localAddress();

    /** {@return the address of the peer, null without one} */
    abstract InetSocketAddress peerAddress();

    /** {@return the local address that getsockname tells, null before there is one} */
    InetSocketAddress localName() {
        return localAddress();
    }

    /** Fails if what AcceptEx or ConnectEx has connected has not been made known to the socket by its client yet. */
    void checkContext() throws WinsockException {
        // Only streams are connected that way.
    }

    /** The poller has found operations possible. */
    abstract void ready(int operations) throws WinsockException;

    /** Reports what holds at the moment of a selection, and watches for the rest; both locks are held. */
    abstract void reportHolding();

    /** Closes the channel, after the state was set; no lock is held. */
    abstract void closeChannel() throws IOException;

    /** Makes the close to come a hard reset. */
    abstract void reset();

    /** {@return the first handle: for messages of accepted sockets, and for the eyes of a reader} */
    SocketHandle handle() {
        return handles.first();
    }

    /**
     * A duplicate of an unbound socket does not learn that it is bound later, and receives nothing: so it is on Windows.
     *
     * @param s a handle of the socket
     * @throws WinsockException {@code WSAEINVAL} for such a duplicate
     */
    void checkAware(SocketHandle s) throws WinsockException {
        if (handles.isUnaware(s)) {
            throw new WinsockException(WsaError.WSAEINVAL, s + " was made before " + this + " was bound");
        }
    }

    /** Ends the calls that wait with a handle that was closed, where the socket has others. */
    void endWaits(SocketHandle closed) {
        receiving().endWaits(closed);
        sending().endWaits(closed);
        wakeWaiters();
    }

    /** The same for handles that were closed when the socket was not known to have others. */
    void endWaitsOfClosed() {
        receiving().endWaitsOfClosed();
        sending().endWaitsOfClosed();
        wakeWaiters();
    }

    boolean isClosed() {
        return state == SocketState.CLOSED;
    }

    void lockBoth() {
        receiving().lock();
        sending().lock();
    }

    /** Frees both sides, and delivers what was reported meanwhile. */
    void unlockBoth() {
        sending().unlock();
        receiving().unlock();
        events.deliver();
    }

    void checkOpen() throws WinsockException {
        if (isClosed()) {
            throw new WinsockException(WsaError.WSAENOTSOCK, this + " is closed");
        }
    }

    /** {@return whether the system has reads and writes of the channel wait; see {@link #blockBelow}} */
    boolean isBlockingBelow() {
        return false;
    }

    /** Has the system let them wait, if it does not yet. {@return false if that cannot be now} */
    boolean blockBelow() {
        return false;
    }

    /** {@return who waits inside the system for a side; only if {@link #blockBelow} has answered true some time before} */
    BlockingStream.Insider insider(Side side) {
        return null;
    }

    // The poller

    /** Asks the poller to tell when an operation is possible, each time until it is not wanted any more. */
    final void watchFor(SelectableChannel channel, int operation) {
        Watch present = watch;
        if (present == null) {
            synchronized (handles) {
                present = watch == null ? new Watch(network.poller(), this) : watch;
                watch = present;
            }
        }
        present.want(channel, operation);
    }

    final void ignore(int operation) {
        Watch present = watch;
        if (present != null) {
            present.ignore(operation);
        }
    }

    /** Ends what the poller was asked for. {@return whether it has to be flushed before the channel is really gone} */
    final boolean cancelWatch() {
        Watch present = watch;
        return present != null && present.cancel();
    }

    // Waiting

    /** Takes what the calling thread is to wait for this socket with, which knows it from then on. */
    final Waiter takeWaiter(Side side) throws WinsockException {
        if (network.waiters().takesSelectors()) {
            return takeSelector(side);
        }
        Waiter waiter = network.waiters().takeThreadWaiter();
        add(waiter);
        return waiter;
    }

    /** The same, a selector in any case. */
    final SelectorWaiter takeSelector(Side side) throws WinsockException {
        synchronized (handles) { // The channel may be in it: who closes the socket finds it with the side, or here.
            SelectorWaiter kept = network.waiters().takeKept(side);
            if (kept != null) {
                add(kept);
                return kept;
            }
        }
        SelectorWaiter waiter = network.waiters().takeSelector();
        add(waiter);
        return waiter;
    }

    void add(Waiter waiter) {
        synchronized (handles) {
            waiters = waiters == null ? new ArrayList<>(1) : waiters;
            waiters.add(waiter);
        }
    }

    /**
     * Ends a wait; a selector stays with the side for the next one, as long as the socket is open. The socket forgets it last: until
     * then who closes the socket takes the channel out of it himself, and does not return before it is out.
     */
    void remove(Waiter waiter, Side side) {
        waiter.rest();
        try {
            network.waiters().giveBack(side, waiter);
            if (isClosed()) {
                network.waiters().release(side);
            }
        } catch (IOException e) {
            network.services().report("putting a selector back", e);
        } finally {
            remove(waiter);
        }
    }

    void remove(Waiter waiter) {
        synchronized (handles) {
            waiters.remove(waiter);
        }
    }

    /** {@return whether a thread waits for this socket, or is about to} */
    boolean isWaitedFor() {
        return !waiters().isEmpty() || receiving().isWaitedFor() || sending().isWaitedFor();
    }

    private List<Waiter> waiters() {
        synchronized (handles) {
            return waiters == null ? List.of() : List.copyOf(waiters);
        }
    }

    /** Lets every waiting call look at the state again, but for who waits inside: taking the lock does that. */
    void wakeWaiters() {
        waiters().forEach(Waiter::wake);
    }

    /** Waits once for the channel: until it is ready, this is woken, or a part of the time has passed. */
    void await(Waiter waiter, int operation, BlockingCall call) throws WinsockException {
        long nanos = call.beforeWait();
        SelectableChannel present = channel();
        try {
            waiter.await(present, operation, nanos, interruptAction());
        } catch (IOException | IllegalStateException e) {
            if (present == channel() && present.isOpen()) {
                throw JdkErrors.of("waiting for " + this, e);
            } // Otherwise it was closed or replaced meanwhile, and the caller looks at the state next.
        }
    }

    /** Takes a channel that is to be closed out of all selectors that know it. */
    void flushSelectors(boolean watched) throws IOException {
        if (watched) {
            network.poller().flush();
        }
        flushWaiters(); // First: what comes back from there is kept by a side.
        receiving().forget();
        sending().forget();
        flushWaiters(); // And last: what a side keeps goes there when it is taken.
    }

    private void flushWaiters() throws IOException {
        for (Waiter waiter : waiters()) {
            waiter.flush();
        }
    }

    /** {@return what the calling thread does if it is interrupted while it waits for this socket; null to wait on} */
    Runnable interruptAction() {
        Runnable action = interruptAction; // Read first, as it is written last.
        return action != null && onlyVirtualInterrupted && !Thread.currentThread().isVirtual() ? null : action;
    }

    @Override
    public void whenInterrupted(Runnable action) {
        setInterruptAction(action, false);
    }

    @Override
    public void whenVirtualThreadInterrupted(Runnable action) {
        setInterruptAction(action, true);
    }

    private void setInterruptAction(Runnable action, boolean onlyVirtual) {
        lockBoth(); // Nobody is inside then, where interrupts are not heard of.
        onlyVirtualInterrupted = onlyVirtual;
        interruptAction = action;
        unlockBoth();
        wakeWaiters();
    }

    // Network events

    void eventSelect(WsaEvent event, int bits) throws WinsockException {
        lockBoth();
        try {
            checkOpen();
            nonBlocking = true;
            ownEvents().select(event, bits);
            reportHolding();
        } finally {
            unlockBoth();
        }
    }

    /** {@return the record of this socket, which few ever need; both locks are held} */
    final NetworkEvents ownEvents() {
        if (events == network.noEvents()) {
            events = new NetworkEvents(network, this);
        }
        return events;
    }

    void asyncSelect(SocketHandle s, WindowHandle window, int message, int bits) throws WinsockException {
        lockBoth();
        try {
            checkOpen();
            nonBlocking = true;
            ownEvents().select(window, message, () -> s, bits);
            reportHolding();
        } finally {
            unlockBoth();
        }
    }

    void setNonBlocking(boolean on) throws WinsockException {
        lockBoth();
        try {
            if (!on && events.isActive()) {
                throw new WinsockException(WsaError.WSAEINVAL, this + " has network events selected");
            }
            nonBlocking = on;
        } finally {
            unlockBoth();
        }
    }

    // Errors

    void noteError(WinsockException e) {
        synchronized (handles) {
            pendingError = e.code();
        }
    }

    int takeError() {
        synchronized (handles) {
            int error = pendingError;
            pendingError = 0;
            return error;
        }
    }

    // Completion

    /** Indicates transfers that are over, one after the other; no lock is held. */
    void indicateAll(Transfer first) {
        Transfer t = first;
        while (t != null) {
            Transfer next = t.next;
            t.next = null;
            indicate(t);
            t = next;
        }
    }

    /** Gives the one indication of a transfer that is over; it is not the caller's any more. */
    void indicate(Transfer t) {
        indicate(t, false);
    }

    /** The same before the call returns that has started it, and succeeds unless the transfer has failed. */
    void indicateAtOnce(Transfer t) {
        indicate(t, t.failure == null);
    }

    private void indicate(Transfer t, boolean atOnce) {
        if (t.parked != null) {
            Side.unpark(t);
            return;
        }
        WsaOverlapped block = t.overlapped;
        if (network.isDown()) {
            OverlappedCall.abandonAtCleanUp(block);
            t.side.giveBack(t);
            return;
        }
        int error = t.error();
        int bytes = (int) t.transferred;
        block.offset(0);
        block.offsetHigh(error);
        if (t.routine != null) {
            block.internalHigh(bytes);
            block.internal(error);
            routines().queue(t);
            return;
        }
        SocketHandle s = t.handle == null ? handles.first() : t.handle;
        t.side.giveBack(t);
        try {
            if (atOnce) {
                network.files().completeRequestAtOnce(s, block, bytes);
            } else {
                network.files().completeRequest(s, block, error, bytes);
            }
        } catch (WinsockException e) {
            if (network.isDown()) { // Since the look above.
                OverlappedCall.abandonAtCleanUp(block);
            } else {
                network.services().report("completing a request of " + this, e);
            }
        }
    }

    private CompletionRoutines routines() {
        synchronized (handles) {
            routines = routines == null ? new CompletionRoutines(network) : routines;
            return routines;
        }
    }

    /** Indicates an overlapped operation without data that was over at once; null for no failure. */
    void indicateDone(SocketHandle s, WsaOverlapped block, WsaCompletionRoutine routine, WsaThreadId thread,
            WinsockException failure) throws WinsockException {
        Transfer t = sending().take();
        t.handle = s;
        t.overlapped(block, routine, thread);
        t.begin(network.upcalls());
        t.failure = failure;
        indicateAtOnce(t);
    }

    // The channel

    @Override
    public <T> void setOption(SocketOption<T> option, T value) throws IOException {
        lockBoth();
        try {
            checkOpen();
            ownOptions().set((NetworkChannel) channel(), option, value);
        } finally {
            unlockBoth();
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        lockBoth();
        try {
            checkOpen();
            return ((NetworkChannel) channel()).getOption(option);
        } finally {
            unlockBoth();
        }
    }

    // The file

    @Override
    public boolean cancel(WsaOverlapped block) {
        boolean received = receiving().cancel(block);
        return sending().cancel(block) || received;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        Transfer t = receiving().take();
        t.alwaysWaits = true;
        int n = (int) t.receiveInto(target);
        target.position(target.position() + n);
        return n;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        Transfer t = sending().take();
        t.alwaysWaits = true;
        int n = (int) t.send(source);
        source.position(source.position() + n);
        return n;
    }

    @Override
    public void close() throws IOException {
        Transfer received;
        Transfer sent;
        lockBoth();
        try {
            if (isClosed()) {
                return;
            }
            state = SocketState.CLOSED;
            if (events != network.noEvents()) {
                events.cancel();
            }
            received = receiving().fail(WsaError.WSA_OPERATION_ABORTED, " was closed");
            sent = sending().fail(WsaError.WSA_OPERATION_ABORTED, " was closed");
        } finally {
            unlockBoth();
        }
        wakeWaiters();
        try {
            closeChannel();
        } finally {
            network.forget(this);
            indicateAll(received);
            indicateAll(sent);
        }
    }

    @Override
    public String toString() {
        return info.protocolName() + " socket " + handles.first();
    }
}
