package org.ws2j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.host.Winsock;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.Message;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** Events, completion ports, windows and procedure calls of a check; what a check makes here is closed behind it. */
public final class Signals {
    private final Winsock winsock;
    private final List<Attempt> closing = new CopyOnWriteArrayList<>();

    Signals(Winsock winsock) {
        this.winsock = winsock;
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    /**
     * Makes an event.
     *
     * @return the event, not signaled
     * @throws WinsockException as {@link Winsock#wsaCreateEvent}
     */
    public WsaEvent event() throws WinsockException {
        return closing(winsock.wsaCreateEvent());
    }

    /**
     * Makes an event that the wait which it ends resets.
     *
     * @return the event, not signaled
     * @throws WinsockException as {@link Waits#createEvent(boolean, boolean)}
     */
    public WsaEvent autoResetEvent() throws WinsockException {
        return closing(winsock.waits().createEvent(false, false));
    }

    private WsaEvent closing(WsaEvent event) {
        closing.add(() -> winsock.waits().closeEvent(event));
        return event;
    }

    /**
     * Waits for an event.
     *
     * @param event the event
     * @throws WinsockException as {@link Waits#waitForSingleEvent}
     */
    public void await(WsaEvent event) throws WinsockException {
        int result = winsock.waits().waitForSingleEvent(event, Bound.WAIT_MILLIS, false);
        assertThat(result).as("result of the wait for an event (258: in vain)").isEqualTo(Waits.WSA_WAIT_EVENT_0);
    }

    /**
     * Looks at an event, without waiting.
     *
     * @param event the event
     * @return whether it is signaled
     * @throws WinsockException as {@link Waits#waitForSingleEvent}
     */
    public boolean isSet(WsaEvent event) throws WinsockException {
        return winsock.waits().waitForSingleEvent(event, 0, false) == Waits.WSA_WAIT_EVENT_0;
    }

    // ---- procedure calls -------------------------------------------------------------------------------------------

    /** Waits alertably until procedures have run on this thread. */
    public void awaitProcedures() {
        int result = winsock.waits().sleepEx(Bound.WAIT_MILLIS, true);
        assertThat(result).as("result of the alertable sleep").isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
    }

    /**
     * Runs the procedures that are queued for this thread, without waiting.
     *
     * @return whether there were any
     */
    public boolean runProcedures() {
        return winsock.waits().sleepEx(0, true) == Waits.WSA_WAIT_IO_COMPLETION;
    }

    // ---- completion ports ------------------------------------------------------------------------------------------

    /**
     * Makes a completion port.
     *
     * @return the port
     * @throws WinsockException as {@link org.ws2j.spi.CompletionPorts#createIoCompletionPort}
     */
    public CompletionPort port() throws WinsockException {
        CompletionPort port = winsock.ports().createIoCompletionPort(0);
        closing.add(() -> winsock.ports().closeIoCompletionPort(port));
        return port;
    }

    /**
     * Waits for a packet and takes it.
     *
     * @param port the port
     * @return the packet
     * @throws WinsockException as {@link org.ws2j.spi.CompletionPorts#getQueuedCompletionStatus}
     */
    public CompletionPacket packet(CompletionPort port) throws WinsockException {
        CompletionPacket packet = new CompletionPacket();
        boolean isTaken = winsock.ports().getQueuedCompletionStatus(port, packet, Bound.WAIT_MILLIS);
        assertThat(isTaken).as("a packet came").isTrue();
        return packet;
    }

    /**
     * Looks for a packet and takes it, without waiting.
     *
     * @param port the port
     * @return whether there was none
     * @throws WinsockException as {@link org.ws2j.spi.CompletionPorts#getQueuedCompletionStatus}
     */
    public boolean isEmpty(CompletionPort port) throws WinsockException {
        return !winsock.ports().getQueuedCompletionStatus(port, new CompletionPacket(), 0);
    }

    // ---- windows ---------------------------------------------------------------------------------------------------

    /**
     * Makes a window of the calling thread, whose messages the check takes itself.
     *
     * @return the window
     * @throws WinsockException as {@link org.ws2j.spi.MessageWindows#createWindow}
     */
    public WindowHandle window() throws WinsockException {
        WindowHandle window = winsock.windows().createWindow(message -> {});
        closing.add(() -> winsock.windows().destroyWindow(window));
        return window;
    }

    /**
     * Waits for a message of this thread and takes it.
     *
     * @return the message
     */
    public Message message() {
        Message message = winsock.windows().getMessage(Bound.WAIT_MILLIS);
        assertThat(message).as("the message that was waited for").isNotNull();
        return message;
    }

    /** {@return whether no message lies in this thread's queue} */
    public boolean isQueueEmpty() {
        return winsock.windows().peekMessage(false) == null;
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    /** Closes what the check has left open. */
    void close() throws Exception {
        for (Attempt close : closing.reversed()) {
            try {
                close.run();
            } catch (WinsockException e) {
                if (!e.is(WsaError.WSA_INVALID_HANDLE)) {
                    throw e;
                }
            }
        }
    }
}
