package org.ws2j.agent.nio;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A selector over a real one, see the package. Counts and sets are as with the JDK's. */
final class NioSelector extends AbstractSelector {
    private static final long FOREVER = -1;

    private static final SelectionKey[] NONE = {};

    private final NioProvider provider;
    private final Selector real;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> publicKeys = Collections.unmodifiableSet(keys);

    /** Changed by the selecting thread, and by the program, as its monitor guards it. */
    private final Set<SelectionKey> selected = new HashSet<>();

    private final Set<SelectionKey> publicSelected = new UngrowableSet<>(selected);
    private final Selection selection;

    /** Guarded by this. */
    private boolean isSelecting;

    /** Whether cancelled keys of the real selector wait for it to let go of them. */
    private volatile boolean hasForgotten;

    NioSelector(NioProvider provider, Selector real) {
        super(provider.face());
        this.provider = provider;
        this.real = real;
        this.selection = new Selection(this, real, selected);
    }

    Selector real() {
        return real;
    }

    private void ensureOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return publicKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return publicSelected;
    }

    // Selecting

    @Override
    public int selectNow() throws IOException {
        return select(null, 0, true);
    }

    @Override
    public int select(long timeout) throws IOException {
        return select(null, checked(timeout), false);
    }

    @Override
    public int select() throws IOException {
        return select(null, FOREVER, false);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return select(Objects.requireNonNull(action), checked(timeout), false);
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return select(Objects.requireNonNull(action), FOREVER, false);
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return select(Objects.requireNonNull(action), 0, true);
    }

    private static long checked(long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
        return timeout == 0 ? FOREVER : timeout;
    }

    private int select(Consumer<SelectionKey> action, long millis, boolean now) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (isSelecting) {
                throw new IllegalStateException("select in progress");
            }
            isSelecting = true;
            try {
                synchronized (publicSelected) {
                    return selectLocked(action, now ? 0 : millis);
                }
            } finally {
                isSelecting = false;
            }
        }
    }

    private int selectLocked(Consumer<SelectionKey> action, long millis) throws IOException {
        removeCancelled();
        return selection.select(action, millis);
    }

    @Override
    public Selector wakeup() {
        selection.wakeup();
        return this;
    }

    /** Has the layer of a key asked at the next selection. */
    void queue(NioKey key) {
        selection.queue(key);
    }

    /** There may be something that a selection that waits does not know of. */
    void signal() {
        selection.signal();
    }

    // Keys

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        ChannelKeys its = keysOf(channel);
        NioKey key = new NioKey(this, channel, operations);
        key.attach(attachment);
        ensureOpen();
        keys.add(key);
        if (its == null) {
            key.follow(channel);
        } else {
            its.add(key);
        }
        if (!isOpen()) {
            keys.remove(key);
            key.cancel();
            letGo(key);
            throw new ClosedSelectorException();
        }
        return key;
    }

    /** {@return the keys of a channel; null for one of the JDK's, which speaks for itself} */
    private ChannelKeys keysOf(SelectableChannel channel) {
        if (channel instanceof NioChannel own && own.network() == provider.network()) {
            return own.keys();
        }
        if (channel.provider() == provider.network().jdk()) {
            return null;
        }
        throw new IllegalSelectorException();
    }

    private static void letGo(NioKey key) {
        if (key.channel() instanceof NioChannel own) {
            own.keys().remove(key);
        } else {
            key.unfollow();
        }
    }

    /** {@return whether a key is one of this selector's, cancelled or not} */
    boolean has(NioKey key) {
        return keys.contains(key);
    }

    /**
     * Removes the keys that were cancelled since the last time. A channel can be registered again only when the real selector
     * has let go of it, too.
     */
    void removeCancelled() throws IOException {
        SelectionKey[] cancelled = takeCancelled();
        for (SelectionKey key : cancelled) {
            letGo((NioKey) key);
            selected.remove(key);
            keys.remove(key);
        }
        if (hasForgotten && real.isOpen()) {
            hasForgotten = false;
            selection.flush();
        }
        for (SelectionKey key : cancelled) {
            deregister((AbstractSelectionKey) key);
        }
    }

    private SelectionKey[] takeCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) { // For the moment alone: what follows runs layers.
            if (cancelled.isEmpty()) {
                return NONE;
            }
            SelectionKey[] taken = cancelled.toArray(NONE);
            cancelled.clear();
            return taken;
        }
    }

    /** The real selector has keys that were cancelled. */
    void forgetsBelow() {
        hasForgotten = true;
    }

    @Override
    protected void implCloseSelector() throws IOException {
        selection.wakeup();
        synchronized (this) {
            synchronized (publicSelected) {
                for (SelectionKey each : keys) {
                    letGo((NioKey) each);
                    deregister((AbstractSelectionKey) each);
                }
                keys.clear();
                selected.clear();
                real.close();
            }
        }
    }
}
