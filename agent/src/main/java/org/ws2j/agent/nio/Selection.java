package org.ws2j.agent.nio;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.ws2j.spi.WsaNetworkEvents;

/**
 * How a selector selects: waits at the real one, asks the layers that claim keys, and goes on waiting where somebody has woken it
 * for nothing.
 *
 * <pre>
 *   RUNNING ── about to wait ──► WAITING ── something has happened ──► SIGNALLED
 *      ▲                            │                                     │
 *      └────────── woke up ─────────┴─────────────────────────────────────┘
 * </pre>
 *
 * <p>Who finds it WAITING wakes the real selector, once. Who finds it RUNNING has put his key into the queue before, and the queue
 * is looked at after the change to WAITING: so nothing is lost.
 */
final class Selection {
    private enum State {
        RUNNING, WAITING, SIGNALLED
    }

    private final NioSelector selector;
    private final Selector real;
    private final Set<SelectionKey> selected;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    /** Keys that something has happened to, or whose interest has changed. */
    private final Queue<NioKey> queue = new ConcurrentLinkedQueue<>();

    /** Whether the program has asked for a wake-up that no selection has answered yet. */
    private final AtomicBoolean isWoken = new AtomicBoolean();

    // The selecting thread's, all below.

    /** Keys whose layers are asked at each selection, as they were ready the last time, or something has happened. */
    private final List<NioKey> asked = new ArrayList<>(0);

    private final Consumer<SelectionKey> takeReal = this::takeReal;
    private WsaNetworkEvents record;
    private Consumer<SelectionKey> action;

    /** What is ready for the action, which runs after the wait. */
    private final FoundKeys found = new FoundKeys();

    /** Whether this selection is the answer to a wake-up. */
    private boolean wasWoken;

    /** How many keys have got ready operations that they had not. */
    private int updated;

    /** Whether anything is ready, new or not. */
    private boolean isAnythingReady;

    Selection(NioSelector selector, Selector real, Set<SelectionKey> selected) {
        this.selector = selector;
        this.real = real;
        this.selected = selected;
    }

    // From any thread

    void queue(NioKey key) {
        queue.add(key);
    }

    /** Ends a wait that the program does not hear of, unless there is something for it. */
    void signal() {
        if (state.compareAndSet(State.WAITING, State.SIGNALLED)) {
            real.wakeup();
        }
    }

    void wakeup() {
        isWoken.set(true);
        real.wakeup();
    }

    // The selecting thread

    /**
     * Selects.
     *
     * @param forEach gets the ready keys, in place of the set; null for the set
     * @param millis how long to wait; 0 not at all, negative for ever
     */
    int select(Consumer<SelectionKey> forEach, long millis) throws IOException {
        action = forEach;
        updated = 0;
        isAnythingReady = false;
        wasWoken = false;
        try {
            selectUntilSomething(millis);
            selector.removeCancelled();
            passOn();
            return updated;
        } finally {
            action = null;
            found.clear();
        }
    }

    private void selectUntilSomething(long millis) throws IOException {
        long start = millis > 0 ? System.nanoTime() : 0;
        long left = millis;
        boolean wasForNothing = false;
        while (true) {
            boolean signalled = selectOnce(left);
            if (isAnythingReady || millis == 0 || isOver()) {
                return;
            }
            left = millis < 0 ? millis : millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (millis > 0 && left <= 0) {
                return;
            }
            // Once, it may be a signal that came late. Twice, the operating system has something that the program does not
            // want to know: the JDK's selectors return then, too.
            if (!signalled && wasForNothing) {
                return;
            }
            wasForNothing = !signalled;
        }
    }

    private boolean isOver() {
        return wasWoken || Thread.currentThread().isInterrupted() || !selector.isOpen();
    }

    /** Waits once, and gathers what is ready. {@return whether a signal has ended the wait} */
    private boolean selectOnce(long millis) throws IOException {
        boolean signalled = waitBelow(millis);
        askLayers();
        return signalled;
    }

    private boolean waitBelow(long millis) throws IOException {
        if (millis == 0) {
            real.selectNow(takeReal);
            isWoken.set(false);
            return false;
        }
        boolean isSignalled = false;
        state.set(State.WAITING);
        try {
            if (!queue.isEmpty() || !asked.isEmpty()) {
                isSignalled = true;
                real.selectNow(takeReal);
            } else if (millis < 0) {
                real.select(takeReal);
            } else {
                real.select(takeReal, millis);
            }
        } finally {
            // Who signals from here on finds it running, and what he has put into the queue is looked at next.
            isSignalled |= state.getAndSet(State.RUNNING) == State.SIGNALLED;
            wasWoken |= isWoken.getAndSet(false); // Who asks from here on ends the next wait.
        }
        return isSignalled;
    }

    private void takeReal(SelectionKey below) {
        int ready;
        try {
            ready = below.readyOps();
        } catch (CancelledKeyException e) {
            // Closed or cancelled this very moment: it is ready for nothing.
            return;
        }
        take((NioKey) below.attachment(), ready);
    }

    private void askLayers() {
        for (NioKey key = queue.poll(); key != null; key = queue.poll()) {
            key.unqueue();
            if (!key.isAsked) {
                key.isAsked = true;
                asked.add(key);
            }
        }
        if (!asked.isEmpty()) {
            asked.removeIf(this::isNoLongerAsked);
        }
    }

    /** Asks one layer; who says no is asked again only when something happens. */
    private boolean isNoLongerAsked(NioKey key) {
        if (record == null) {
            record = new WsaNetworkEvents();
        }
        int ready = key.isValid() ? key.ask(record) : 0;
        if (ready == 0) {
            key.isAsked = false;
            return true;
        }
        take(key, ready);
        return false;
    }

    private void take(NioKey key, int ready) {
        if (!key.isValid()) {
            return;
        }
        isAnythingReady = true;
        if (action != null) {
            found.add(key, ready);
        } else if (selected.contains(key)) {
            updated += key.addReady(ready) ? 1 : 0;
        } else {
            key.ready(ready);
            selected.add(key);
            updated++;
        }
    }

    /** Runs the action. What it does to keys that are still to come keeps none back but by its interest. */
    private void passOn() {
        for (int i = 0; i < found.count(); i++) {
            NioKey key = found.key(i);
            int ready = found.ready(i) & key.interest();
            key.ready(ready);
            if (ready != 0 && selector.has(key)) {
                updated++;
                action.accept(key);
                if (!selector.isOpen()) {
                    throw new ClosedSelectorException();
                }
            }
        }
    }

    /** Lets the real selector let go of cancelled keys; a wake-up that this swallows is not lost. */
    void flush() throws IOException {
        real.selectNow(key -> {});
        if (isWoken.get()) {
            real.wakeup();
        }
    }
}
