package org.ws2j.agent.nio;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;
import org.ws2j.spi.WsaNetworkEvents;

/**
 * A key. It follows a key of the real selector below, or the claim of a layer, or nothing as long as there is nothing that could
 * be ready.
 */
final class NioKey extends AbstractSelectionKey {
    private static final VarHandle INTEREST = field("interest", int.class);
    private static final VarHandle QUEUED = field("queued", boolean.class);

    private final NioSelector selector;
    private final SelectableChannel channel;

    private volatile int interest;
    private volatile int ready;

    /**
     * What tells about readiness: the key of the real selector, the {@link ReadinessClaim} of a layer, or null. Written under the
     * {@link ChannelKeys}, or before anybody else knows the key.
     */
    private volatile Object source;

    /** The channel's next key; written under its {@link ChannelKeys}. */
    volatile NioKey next;

    /** Whether it waits in the selector's queue. */
    @SuppressWarnings("UnusedVariable") // read by its handle
    private volatile boolean queued;

    /** Whether the layer is asked at the next selection; the selecting thread's. */
    boolean isAsked;

    NioKey(NioSelector selector, SelectableChannel channel, int operations) {
        this.selector = selector;
        this.channel = channel;
        this.interest = operations;
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(NioKey.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // What tells about readiness

    /** Follows the key of an operating system's channel from now on. */
    void follow(SelectableChannel below) {
        if (isPossible(below)) {
            register(below);
        }
    }

    /** Follows the key of the channel that has come in place of the former, also in a selection that is under way. */
    void followInstead(SelectableChannel below) {
        boolean isFollowed = source instanceof SelectionKey present && present.channel() == below;
        if (!isFollowed) {
            unfollow();
            follow(below);
            selector.signal();
        }
    }

    /** Before a listener is bound, there is a channel below that cannot be ready for what a listener is. */
    private boolean isPossible(SelectableChannel below) {
        return (channel.validOps() & ~below.validOps()) == 0;
    }

    private void register(SelectableChannel below) {
        try {
            source = below.register(selector.real(), interest, this);
        } catch (ClosedChannelException | CancelledKeyException | IllegalBlockingModeException e) {
            source = null; // It was closed meanwhile: what comes in its place is followed next, if anything does.
        }
    }

    void follow(ReadinessClaim layers) {
        source = layers;
        interestChanged();
    }

    void unfollow() {
        Object former = source;
        source = null;
        if (former instanceof SelectionKey below) {
            below.cancel();
            selector.forgetsBelow();
        }
    }

    /** Something may have become ready; from any thread, which may hold locks of a layer's. */
    void happened() {
        if (isValid()) {
            queue();
            selector.signal();
        }
    }

    private void queue() {
        if ((boolean) QUEUED.compareAndSet(this, false, true)) {
            selector.queue(this);
        }
    }

    void unqueue() {
        queued = false;
    }

    /** Asks the layer. {@return what the channel is ready for of what is wanted} */
    int ask(WsaNetworkEvents record) {
        int wanted = interest;
        return wanted != 0 && source instanceof ReadinessClaim claim ? claim.ask(wanted, record) : 0;
    }

    // Interest and readiness

    private void ensureValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    private void check(int operations) {
        ensureValid();
        if ((operations & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public NioSelector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int operations) {
        check(operations);
        if ((int) INTEREST.getAndSet(this, operations) != operations) {
            interestChanged();
        }
        return this;
    }

    @Override
    public int interestOpsOr(int operations) {
        check(operations);
        int before = (int) INTEREST.getAndBitwiseOr(this, operations);
        if ((before | operations) != before) {
            interestChanged();
        }
        return before;
    }

    @Override
    public int interestOpsAnd(int operations) {
        ensureValid();
        int before = (int) INTEREST.getAndBitwiseAnd(this, operations);
        if ((before & operations) != before) {
            interestChanged();
        }
        return before;
    }

    /** Concerns the next selection, not one that is under way. */
    private void interestChanged() {
        Object present = source;
        if (present instanceof SelectionKey below) {
            passOn(below);
        } else if (present != null) {
            queue();
        }
    }

    /** Two threads may change it at once: the last one to come here passes on what holds then. */
    private void passOn(SelectionKey below) {
        try {
            int wanted;
            do {
                wanted = interest;
                below.interestOps(wanted);
            } while (wanted != interest);
        } catch (CancelledKeyException e) {
            // The channel below was closed or replaced: whoever does that sees to what is next.
            return;
        }
    }

    int interest() {
        return interest;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return ready;
    }

    void ready(int operations) {
        ready = operations;
    }

    /** Adds to what it is ready for. {@return whether that is news} */
    boolean addReady(int operations) {
        int before = ready;
        ready = before | operations;
        return (operations & ~before) != 0;
    }

    @Override
    public String toString() {
        Selector shown = selector;
        StringBuilder text = new StringBuilder("channel=").append(channel).append(", selector=").append(shown);
        if (isValid()) {
            text.append(", interestOps=").append(interest).append(", readyOps=").append(ready);
        } else {
            text.append(", invalid");
        }
        return text.toString();
    }
}
