package org.ws2j.spi;

/**
 * Events of the system, and waiting.
 *
 * <p>Events made here, by {@link Upcalls#wpuCreateEvent} and by a client's WSACreateEvent are of one kind, and the calls on
 * them are the same. A waiting thread is parked, so a virtual thread waits without a carrier. An alertable wait first runs
 * what is queued for its thread. Interrupting a waiting thread does not end the wait; its interrupt status is kept.
 */
public interface Waits {
    /** As a time-out: wait for ever. */
    long WSA_INFINITE = 0xFFFFFFFFL;

    /** The most events that one wait can be for. */
    int WSA_MAXIMUM_WAIT_EVENTS = 64;

    /** The result of a wait whose first event is signaled; the other events' results follow it. */
    int WSA_WAIT_EVENT_0 = 0;

    /** The result of an alertable wait that ended because procedures ran. */
    int WSA_WAIT_IO_COMPLETION = 192;

    /** The result of a wait that reached its time-out. */
    int WSA_WAIT_TIMEOUT = 258;

    /**
     * Creates an event.
     *
     * @param manualReset true: it stays signaled until it is reset; false: the wait that it ends resets it
     * @param initialState whether it is signaled
     * @return the event; who creates it closes it
     * @throws WinsockException never by a host without a limit of events, such as this one
     */
    WsaEvent createEvent(boolean manualReset, boolean initialState) throws WinsockException;

    /**
     * Creates an event with a sink: each time it is set, the thread that sets it runs the sink, without a lock of the host.
     * It is manual-reset and can be waited for as well. A layer gives such an event to the layer below, and needs no thread
     * to learn of network events.
     *
     * @param sink runs at each set; must not block; what it throws is reported and goes no further
     * @return the event; who creates it closes it
     * @throws WinsockException {@code WSAEFAULT} for null
     */
    WsaEvent createEvent(Runnable sink) throws WinsockException;

    /**
     * Signals an event.
     *
     * @param event the event
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    void setEvent(WsaEvent event) throws WinsockException;

    /**
     * Takes back the signal of an event.
     *
     * @param event the event
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    void resetEvent(WsaEvent event) throws WinsockException;

    /**
     * Closes an event. Threads that wait on it go on waiting, until their time-out.
     *
     * @param event the event
     * @throws WinsockException {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    void closeEvent(WsaEvent event) throws WinsockException;

    /**
     * Waits for one or for all of several events.
     *
     * @param events 1 to {@link #WSA_MAXIMUM_WAIT_EVENTS} events, for a wait for all of them without duplicates
     * @param waitAll true: until all are signaled at one moment; false: until one is
     * @param timeoutMillis milliseconds, 0 to look only, {@link #WSA_INFINITE} to wait for ever
     * @param alertable whether procedures queued for the thread run, and end the wait
     * @return {@link #WSA_WAIT_EVENT_0} plus the lowest index of a signaled event (0 for all);
     *     {@link #WSA_WAIT_IO_COMPLETION}; {@link #WSA_WAIT_TIMEOUT}
     * @throws WinsockException {@code WSA_INVALID_PARAMETER} for a wrong number of events, a duplicate in a wait for all, or
     *     a time-out below 0 or above {@link #WSA_INFINITE}; {@code WSA_INVALID_HANDLE} for what is not an open event
     */
    int waitForMultipleEvents(WsaEvent[] events, boolean waitAll, long timeoutMillis, boolean alertable)
            throws WinsockException;

    /**
     * Waits for one event.
     *
     * @param event the event
     * @param timeoutMillis milliseconds, 0 to look only, {@link #WSA_INFINITE} to wait for ever
     * @param alertable whether procedures queued for the thread run, and end the wait
     * @return as {@link #waitForMultipleEvents}
     * @throws WinsockException as {@link #waitForMultipleEvents}
     */
    default int waitForSingleEvent(WsaEvent event, long timeoutMillis, boolean alertable) throws WinsockException {
        return waitForMultipleEvents(new WsaEvent[] {event}, false, timeoutMillis, alertable);
    }

    /**
     * Sleeps.
     *
     * @param timeoutMillis milliseconds, {@link #WSA_INFINITE} to sleep for ever
     * @param alertable whether procedures queued for the thread run, and end the sleep
     * @return {@link #WSA_WAIT_IO_COMPLETION} if procedures ran, otherwise 0
     * @throws IllegalArgumentException for a time-out below 0 or above {@link #WSA_INFINITE}
     */
    int sleepEx(long timeoutMillis, boolean alertable);
}
