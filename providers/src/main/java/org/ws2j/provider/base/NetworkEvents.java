package org.ws2j.provider.base;

import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaNetworkEvents;

/**
 * The network events of one socket: what was selected, what was recorded, and what must not be reported again yet.
 *
 * <pre>
 *   unreported ── report ──► reported ── enumerated (event mode) ──► enumerated
 *       ▲                       │                                        │
 *       └── the re-enabling call: receive, send, accept ─────────────────┘
 * </pre>
 *
 * <p>Selecting anew by event forgets what was reported but not enumerated, so that it is recorded again; selecting anew by
 * message forgets all of it. Data that arrives anew is recorded again in event mode, reported or not; by message it is not.
 *
 * <p>A call that re-enables an event does that, its operation and the report of what then holds under the lock of its
 * socket, so that nothing that happens in between is lost. Events are set and messages posted by {@link #deliver},
 * without any lock.
 */
public final class NetworkEvents {
    /** Where reports go: an event, or a window, the number of the message and what names the socket in it. */
    private record Target(WsaEvent event, WindowHandle window, int message, Supplier<SocketHandle> handle) {
        boolean isEvent() {
            return event != null;
        }
    }

    /** One report on its way; the bits do not matter to an event. */
    private record Notice(Target target, int bit, int error) {}

    private final StartedProvider provider;

    /** For the eyes of who reads a report. */
    private final Object socket;

    /** Guards all below; nothing but the reset of an event is done under it. */
    private final Object recordLock = new Object();

    private volatile int mask;
    private Target target;

    /** To be delivered for the present target, one object for ever. */
    private Notice signal;

    private int recorded;

    /** By the numbers of the bits; null before anything was selected, as the outbox. */
    private int[] errors;

    private int reported;
    private int enumerated;
    private ArrayDeque<Notice> outbox;

    /** Whether something was reported or enumerated that was not enabled again. */
    private volatile boolean spent;

    private boolean delivering;
    private volatile boolean pending;

    /**
     * Makes the record of a socket that has selected nothing.
     *
     * @param provider where the socket was made
     * @param socket the socket, for its text alone
     */
    public NetworkEvents(StartedProvider provider, Object socket) {
        this.provider = provider;
        this.socket = socket;
    }

    /** {@return whether anything is selected} */
    public boolean isActive() {
        return mask != 0;
    }

    /**
     * Tells whether something is selected.
     *
     * @param bits the events
     * @return whether one of them is
     */
    public boolean isSelected(int bits) {
        return (mask & bits) != 0;
    }

    /**
     * Tells whether a report would get through.
     *
     * @param bit one event
     * @return whether it is selected, and was not reported since it was last enabled
     */
    public boolean isDue(int bit) {
        if ((mask & bit) == 0) {
            return false;
        }
        synchronized (recordLock) {
            return (mask & ~reported & bit) != 0;
        }
    }

    /**
     * Replaces the selection by one that sets an event; nothing is reported before {@link #report} says so.
     *
     * @param event the event
     * @param bits the network events; 0 to select nothing
     */
    public void select(WsaEvent event, int bits) {
        select(new Target(event, null, 0, null), bits);
    }

    /**
     * Replaces the selection by one that posts messages.
     *
     * @param window where to
     * @param message the number of the messages
     * @param handle names the socket in them
     * @param bits the network events; 0 to select nothing
     */
    public void select(WindowHandle window, int message, Supplier<SocketHandle> handle, int bits) {
        select(new Target(null, window, message, handle), bits);
    }

    private void select(Target newTarget, int bits) {
        synchronized (recordLock) {
            recorded = 0;
            outbox = new ArrayDeque<>(2);
            errors = new int[NetworkEvent.FD_MAX_EVENTS];
            reported = newTarget.isEvent() ? reported & enumerated : 0;
            target = bits == 0 ? null : newTarget;
            signal = new Notice(newTarget, 0, 0);
            mask = bits;
        }
    }

    /**
     * Selects for an accepted socket what its listener has selected.
     *
     * @param listeners the record of the listener
     * @param handle names the accepted socket in messages
     */
    public void inherit(NetworkEvents listeners, Supplier<SocketHandle> handle) {
        Target inherited;
        int bits;
        synchronized (listeners.recordLock) {
            inherited = listeners.target;
            bits = listeners.mask;
        }
        if (bits != 0) {
            select(new Target(inherited.event(), inherited.window(), inherited.message(), handle), bits);
        }
    }

    /** {@return whether reports set an event} */
    public boolean isByEvent() {
        synchronized (recordLock) {
            return target != null && target.isEvent();
        }
    }

    /**
     * Makes an event reportable again.
     *
     * @param bit one event, or several
     */
    public void reenable(int bit) {
        if (spent) {
            synchronized (recordLock) {
                reported &= ~bit;
                enumerated &= ~bit;
                spent = (reported | enumerated) != 0;
            }
        }
    }

    /**
     * Something has happened: reports it, if it is selected and not reported yet.
     *
     * @param bit one event
     * @param error the Winsock error that comes with it, 0 for none
     */
    public void report(int bit, int error) {
        if ((mask & bit) == 0) {
            return;
        }
        synchronized (recordLock) {
            boolean again = bit == NetworkEvent.FD_READ && target != null && target.isEvent();
            if ((mask & bit) == 0 || ((reported & bit) != 0 && !again) || provider.isDown()) {
                return;
            }
            reported |= bit;
            spent = true;
            if (target.isEvent()) {
                recorded |= bit;
                errors[NetworkEvent.bitOf(bit)] = error;
                outbox.add(signal);
            } else {
                outbox.add(new Notice(target, bit, error));
            }
            pending = true;
        }
    }

    /**
     * Something holds at the time of a selection: as {@link #report}, but never what was enumerated already.
     *
     * @param bit one event
     * @param error the Winsock error that comes with it, 0 for none
     */
    public void reportHolding(int bit, int error) {
        synchronized (recordLock) {
            boolean wasEnumerated = target == null || (target.isEvent() && (enumerated & bit) != 0);
            if (!wasEnumerated) {
                report(bit, error);
            }
        }
    }

    /**
     * Hands out the record, clears it and resets an event, in one step: a later event sets it again.
     *
     * @param toReset the event; null for none
     * @param out where the record goes
     * @throws WinsockException as wpuResetEvent; nothing has changed then
     */
    public void enumerate(WsaEvent toReset, WsaNetworkEvents out) throws WinsockException {
        synchronized (recordLock) {
            if (toReset != null) {
                provider.upcalls().wpuResetEvent(toReset.untagged());
            }
            out.lNetworkEvents(recorded);
            for (int bits = recorded; bits != 0; bits &= bits - 1) {
                int number = NetworkEvent.bitOf(bits);
                out.iErrorCode(number, errors[number]);
            }
            enumerated |= recorded;
            recorded = 0;
        }
    }

    /** Ends the selection: the socket is closed. */
    public void cancel() {
        synchronized (recordLock) {
            mask = 0;
            target = null;
            recorded = 0;
            outbox = null;
        }
    }

    /** Sets the events and posts the messages that are due; the caller holds no lock. One thread at a time, for their order. */
    public void deliver() {
        if (!pending) {
            return;
        }
        while (true) {
            Notice notice;
            synchronized (recordLock) {
                if (delivering) {
                    return;
                }
                notice = outbox == null ? null : outbox.poll();
                if (notice == null) {
                    pending = false;
                    return;
                }
                delivering = true;
            }
            try {
                deliver(notice);
            } finally {
                synchronized (recordLock) {
                    delivering = false;
                }
            }
        }
    }

    private void deliver(Notice notice) {
        Target to = notice.target();
        if (!to.isEvent()) {
            // False for a window that is gone or full: there is nobody left to tell.
            provider.upcalls().wpuPostMessage(to.window(), to.message(), to.handle().get(),
                    NetworkEvent.makeSelectReply(notice.bit(), notice.error()));
            return;
        }
        try {
            provider.upcalls().wpuSetEvent(to.event());
        } catch (WinsockException e) {
            if (!e.is(WsaError.WSA_INVALID_HANDLE)) { // With its event the client has closed its ears.
                provider.services().report("setting the event selected for " + socket, e);
            }
        }
    }
}
