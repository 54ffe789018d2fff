package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Flag;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** Event objects, and WSAWaitForMultipleEvents. */
final class EventsSuite extends Suite {
    private static final long LONG_MILLIS = 10_000;

    // ---- event objects ---------------------------------------------------------------------------------------------

    @Proves("event.new")
    void aNewEventIsNotSignaled() throws WinsockException {
        assertThat(signals.isSet(signals.event())).isFalse();
    }

    @Proves("event.new")
    void aNewEventStaysSignaledForEveryWait() throws WinsockException {
        WsaEvent event = signals.event();
        ws.wsaSetEvent(event);

        assertThat(signals.isSet(event)).isTrue();
        assertThat(signals.isSet(event)).as("after a wait").isTrue();
    }

    @Proves("event.set")
    void settingAndResettingMayBeRepeated() throws WinsockException {
        WsaEvent event = signals.event();
        ws.wsaSetEvent(event);
        ws.wsaSetEvent(event);
        assertThat(signals.isSet(event)).isTrue();
        ws.wsaResetEvent(event);
        ws.wsaResetEvent(event);

        assertThat(signals.isSet(event)).isFalse();
    }

    @Proves("event.invalid")
    void aClosedEventIsNoEvent() throws WinsockException {
        WsaEvent event = signals.event();
        ws.wsaCloseEvent(event);

        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaSetEvent(event));
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaResetEvent(event));
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaCloseEvent(event));
    }

    @Proves("event.invalid")
    void noEventAtAllIsNoEvent() {
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaSetEvent(null));
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaResetEvent(null));
        fails(WsaError.WSA_INVALID_HANDLE, () -> ws.wsaCloseEvent(null));
    }

    @Proves("event.notinitialised")
    void eventsNeedAStart() throws WinsockException {
        ws.wsaCleanup();
        fails(WsaError.WSANOTINITIALISED, () -> ws.wsaCreateEvent());
    }

    @Proves("event.survives")
    void anEventOutlivesTheSocketThatItWasSelectedFor() throws WinsockException {
        SocketHandle s = net.listener();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(s, event, NetworkEvent.FD_ACCEPT);
        ws.closesocket(s);
        ws.wsaSetEvent(event);

        assertThat(signals.isSet(event)).isTrue();
    }

    @Proves("event.survives")
    void anEventOutlivesTheOperationThatItWasSignaledBy() throws WinsockException {
        Connection c = net.connection();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        ws.wsaSend(c.client(), ByteBuffer.allocate(1), 0, block, null);
        signals.await(block.hEvent());
        ws.wsaResetEvent(block.hEvent());

        assertThat(signals.isSet(block.hEvent())).isFalse();
    }

    // ---- waiting ---------------------------------------------------------------------------------------------------

    @Proves("wait.any")
    void theLowestIndexOfASignaledEventIsTold() throws WinsockException {
        WsaEvent[] events = events(5);
        ws.wsaSetEvent(events[3]);
        ws.wsaSetEvent(events[2]);
        assertThat(any(events)).isEqualTo(Waits.WSA_WAIT_EVENT_0 + 2);

        ws.wsaSetEvent(events[0]);
        assertThat(any(events)).isEqualTo(Waits.WSA_WAIT_EVENT_0);
    }

    @Proves("wait.any")
    void eachOfSixtyFourEventsEndsAWait() throws WinsockException {
        WsaEvent[] events = events(Waits.WSA_MAXIMUM_WAIT_EVENTS);
        for (int i = 0; i < events.length; i++) {
            ws.wsaSetEvent(events[i]);
            assertThat(any(events)).isEqualTo(Waits.WSA_WAIT_EVENT_0 + i);
            ws.wsaResetEvent(events[i]);
        }
    }

    @Proves("wait.any")
    void aWaitEndsWhenAnotherThreadSetsOneOfTheEvents() throws Exception {
        WsaEvent[] events = events(3);
        Call<Integer> wait = calls.waiting(() -> ws.wsaWaitForMultipleEvents(events, false, LONG_MILLIS, false));
        ws.wsaSetEvent(events[1]);

        assertThat(wait.result()).isEqualTo(Waits.WSA_WAIT_EVENT_0 + 1);
    }

    @Proves("wait.all")
    void aWaitForAllEndsWithTheLastOfThem() throws Exception {
        WsaEvent[] events = events(3);
        ws.wsaSetEvent(events[0]);
        ws.wsaSetEvent(events[2]);
        Call<Integer> wait = calls.waiting(() -> ws.wsaWaitForMultipleEvents(events, true, LONG_MILLIS, false));
        assertThat(wait.isDone()).isFalse();
        ws.wsaSetEvent(events[1]);

        assertThat(wait.result()).isEqualTo(Waits.WSA_WAIT_EVENT_0);
    }

    @Proves("wait.all")
    void aWaitForAllThatTimesOutTouchesNothing() throws WinsockException {
        WsaEvent auto = signals.autoResetEvent();
        ws.wsaSetEvent(auto);
        WsaEvent[] events = {auto, signals.event()};
        assertThat(ws.wsaWaitForMultipleEvents(events, true, 0, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);

        assertThat(signals.isSet(auto)).as("the auto-reset event is signaled still").isTrue();
    }

    @Proves("wait.auto-reset")
    void theWaitThatAnAutoResetEventEndsTakesTheSignal() throws WinsockException {
        WsaEvent auto = signals.autoResetEvent();
        ws.wsaSetEvent(auto);

        assertThat(signals.isSet(auto)).isTrue();
        assertThat(signals.isSet(auto)).as("after a wait").isFalse();
    }

    @Proves("wait.auto-reset")
    void onlyTheEventThatEndedTheWaitIsReset() throws WinsockException {
        WsaEvent[] events = {signals.autoResetEvent(), signals.autoResetEvent()};
        ws.wsaSetEvent(events[0]);
        ws.wsaSetEvent(events[1]);
        assertThat(any(events)).isEqualTo(Waits.WSA_WAIT_EVENT_0);

        assertThat(signals.isSet(events[1])).isTrue();
    }

    @Proves("wait.timeout")
    void aWaitOfNoTimeOnlyLooks() throws WinsockException {
        assertThat(any(events(2))).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
    }

    @Proves("wait.timeout")
    void aWaitEndsAtItsTimeout() throws WinsockException {
        assertThat(ws.wsaWaitForMultipleEvents(events(2), false, 1, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
        assertThat(ws.wsaWaitForMultipleEvents(events(2), true, 1, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
    }

    @Proves("wait.invalid-parameter")
    void oneToSixtyFourEventsCanBeWaitedFor() throws WinsockException {
        WsaEvent[] tooMany = events(Waits.WSA_MAXIMUM_WAIT_EVENTS + 1);
        fails(WsaError.WSA_INVALID_PARAMETER, () -> any(tooMany));
        fails(WsaError.WSA_INVALID_PARAMETER, () -> any(new WsaEvent[0]));
    }

    @Proves("wait.invalid-parameter")
    void aWaitForAllTakesNoEventTwice() throws WinsockException {
        WsaEvent event = signals.event();
        WsaEvent[] twice = {event, event};
        fails(WsaError.WSA_INVALID_PARAMETER, () -> ws.wsaWaitForMultipleEvents(twice, true, 0, false));

        ws.wsaSetEvent(event);
        assertThat(any(twice)).as("a wait for any does").isEqualTo(Waits.WSA_WAIT_EVENT_0);
    }

    @Proves("wait.invalid-handle")
    void whatIsNoOpenEventCannotBeWaitedFor() throws WinsockException {
        WsaEvent closed = signals.event();
        ws.wsaCloseEvent(closed);
        WsaEvent[] withClosed = {signals.event(), closed};
        WsaEvent[] withNone = {signals.event(), null};

        fails(WsaError.WSA_INVALID_HANDLE, () -> any(withClosed));
        fails(WsaError.WSA_INVALID_HANDLE, () -> any(withNone));
    }

    // ---- alertable waits -------------------------------------------------------------------------------------------

    @Proves("wait.alertable")
    void anAlertableWaitRunsEveryProcedureInItsOrder() throws WinsockException {
        List<Integer> ran = new ArrayList<>();
        Connection c = net.connection();
        for (int bytes = 1; bytes <= 3; bytes++) {
            sendWithRoutine(c, bytes, ran);
        }
        do {
            signals.awaitProcedures();
        } while (stack.has(Flag.INDICATES_LATER) && ran.size() < 3);

        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Proves("wait.alertable-first")
    void proceduresWinOverEventsThatAreSignaled() throws WinsockException {
        skipIf(Flag.INDICATES_LATER);
        List<Integer> ran = new ArrayList<>();
        sendWithRoutine(net.connection(), 1, ran);
        WsaEvent auto = signals.autoResetEvent();
        ws.wsaSetEvent(auto);

        assertThat(ws.wsaWaitForMultipleEvents(new WsaEvent[] {auto}, false, LONG_MILLIS, true))
                .isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
        assertThat(ran).hasSize(1);
        assertThat(signals.isSet(auto)).as("the event was not consumed").isTrue();
    }

    @Proves("wait.not-alertable")
    void aWaitThatIsNotAlertableRunsNoProcedure() throws WinsockException {
        List<Integer> ran = new ArrayList<>();
        sendWithRoutine(net.connection(), 1, ran);
        WsaEvent event = signals.event();

        assertThat(any(event)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
        assertThat(ran).isEmpty();
        signals.awaitProcedures();
        assertThat(ran).hasSize(1);
    }

    /** Leaves a completion routine in the thread's queue: the peer has the data, so the send is over. */
    private void sendWithRoutine(Connection c, int bytes, List<Integer> ran) throws WinsockException {
        ws.wsaSend(c.client(), ByteBuffer.allocate(bytes), 0, new HeapOverlapped(),
                (error, sent, block, flags) -> ran.add(sent));
        net.drain(c.server(), bytes);
    }

    private WsaEvent[] events(int count) throws WinsockException {
        WsaEvent[] events = new WsaEvent[count];
        for (int i = 0; i < count; i++) {
            events[i] = signals.event();
        }
        return events;
    }

    private int any(WsaEvent... events) throws WinsockException {
        return ws.wsaWaitForMultipleEvents(events, false, 0, false);
    }
}
