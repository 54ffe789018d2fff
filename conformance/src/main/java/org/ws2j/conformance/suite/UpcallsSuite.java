package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ws2j.conformance.Attempt;
import org.ws2j.conformance.Calls.Call;
import org.ws2j.conformance.Network;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Message;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.UserApc;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WindowHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;

/** The sixteen upcalls, as a layer over the stack makes them. */
final class UpcallsSuite extends Suite {
    private static final int UNKNOWN_ENTRY = 99_999;
    private static final int QUEUE_LIMIT = 4;
    private static final long WAIT_MILLIS = 10_000;

    private final Probe probe = new Probe();

    @Override
    protected void configure(WinsockBuilder builder) {
        builder.module(probe).messageQueueLimit(QUEUE_LIMIT);
    }

    // ---- events ----------------------------------------------------------------------------------------------------

    @Proves("wpuCreateEvent.kind")
    void aNewEventIsNotSignaledAndStaysSignaledOnceItIsSet() throws WinsockException {
        Upcalls up = upcalls();
        WsaEvent event = up.wpuCreateEvent();
        assertThat(signals.isSet(event)).as("when new").isFalse();
        up.wpuSetEvent(event);

        assertThat(signals.isSet(event)).isTrue();
        assertThat(signals.isSet(event)).as("after a wait has seen it").isTrue();
        up.wpuCloseEvent(event);
    }

    @Proves("wpuResetEvent.reset")
    void resettingTakesTheSignalBackAsOftenAsOneLikes() throws WinsockException {
        Upcalls up = upcalls();
        WsaEvent event = signals.event();
        up.wpuSetEvent(event);
        up.wpuSetEvent(event);
        up.wpuResetEvent(event);
        up.wpuResetEvent(event);

        assertThat(signals.isSet(event)).isFalse();
    }

    @Proves({"wpuCloseEvent.invalid", "wpuSetEvent.invalid", "wpuResetEvent.reset"})
    void aClosedEventIsAnInvalidHandle() throws WinsockException {
        Upcalls up = upcalls();
        WsaEvent event = up.wpuCreateEvent();
        up.wpuCloseEvent(event);

        fails(WsaError.WSA_INVALID_HANDLE, () -> up.wpuCloseEvent(event));
        fails(WsaError.WSA_INVALID_HANDLE, () -> up.wpuSetEvent(event));
        fails(WsaError.WSA_INVALID_HANDLE, () -> up.wpuResetEvent(event));
    }

    @Proves({"wpuCloseEvent.invalid", "wpuSetEvent.invalid", "wpuResetEvent.reset"})
    void noEventIsAnInvalidHandle() throws WinsockException {
        Upcalls up = upcalls();
        fails(WsaError.WSA_INVALID_HANDLE, () -> up.wpuCloseEvent(null));
        fails(WsaError.WSA_INVALID_HANDLE, () -> up.wpuSetEvent(null));
        fails(WsaError.WSA_INVALID_HANDLE, () -> up.wpuResetEvent(null));
    }

    @Proves("wpuSetEvent.set")
    void settingWakesEveryWaiter() throws Exception {
        Upcalls up = upcalls();
        WsaEvent event = signals.event();
        Call<Integer> one = calls.waiting(() -> ws.waits().waitForSingleEvent(event, WAIT_MILLIS, false));
        Call<Integer> other = calls.waiting(() -> ws.waits().waitForSingleEvent(event, WAIT_MILLIS, true));
        up.wpuSetEvent(event);

        assertThat(one.result()).isEqualTo(Waits.WSA_WAIT_EVENT_0);
        assertThat(other.result()).isEqualTo(Waits.WSA_WAIT_EVENT_0);
    }

    @Proves("trap-43")
    void theClientWaitsForAProvidersEventAndClosesIt() throws WinsockException {
        WsaEvent event = upcalls().wpuCreateEvent();
        ws.wsaSetEvent(event);
        assertThat(ws.wsaWaitForMultipleEvents(new WsaEvent[] {event}, true, 0, false))
                .isEqualTo(Waits.WSA_WAIT_EVENT_0);
        ws.wsaCloseEvent(event);

        fails(WsaError.WSA_INVALID_HANDLE, () -> upcalls().wpuSetEvent(event));
    }

    @Proves("trap-43")
    void aProviderSetsAndClosesEventsOfClientAndSystem() throws WinsockException {
        Upcalls up = upcalls();
        WsaEvent ofClient = ws.wsaCreateEvent();
        WsaEvent ofSystem = probe.services().waits().createEvent(false, false);
        up.wpuSetEvent(ofClient);
        up.wpuSetEvent(ofSystem);

        assertThat(signals.isSet(ofClient)).isTrue();
        assertThat(signals.isSet(ofSystem)).isTrue();
        assertThat(signals.isSet(ofSystem)).as("reset by the wait before").isFalse();
        up.wpuCloseEvent(ofClient);
        up.wpuCloseEvent(ofSystem);
    }

    @Proves("wpuCloseEvent.pending")
    void anOperationCompletesAlthoughItsEventWasClosed() throws WinsockException {
        SocketHandle s = socket();
        HeapOverlapped block = new HeapOverlapped(probe.upcalls().wpuCreateEvent());
        Probe.Held receive = receive(s, block);
        probe.upcalls().wpuCloseEvent(block.hEvent());
        probe.upcalls().wpuCompleteOverlappedRequest(receive.socket(), receive.block(), 0, 3);

        assertThat(block.isCompleted()).isTrue();
        assertThat(block.internalHigh()).isEqualTo(3);
    }

    // ---- handles ---------------------------------------------------------------------------------------------------

    @Proves("wpuCreateSocketHandle.owner")
    void aHandleBelongsToTheEntryThatItWasCreatedFor() throws WinsockException {
        SocketHandle s = socket();
        assertThat(ws.providerOf(s)).isEqualTo(Probe.NAME);
        assertThat(ws.providerOf(probe.below(s))).isNotEqualTo(Probe.NAME);
    }

    @Proves({"wpuCreateSocketHandle.owner", "trap-8"})
    void theHiddenEntryMeansTheProviderThatRuns() throws WinsockException {
        Upcalls up = upcalls();
        int before = probe.starts();
        SocketHandle s = up.wpuCreateSocketHandle(probe.hiddenEntry(), "hidden");

        assertThat(ws.providerOf(s)).isEqualTo(Probe.NAME);
        assertThat(probe.starts()).isEqualTo(before);
        up.wpuCloseSocketHandle(s);
    }

    @Proves("wpuCreateSocketHandle.unknown")
    void aHandleForAnUnknownEntryIsRefused() throws WinsockException {
        Upcalls up = upcalls();
        fails(WsaError.WSAEINVAL, () -> up.wpuCreateSocketHandle(UNKNOWN_ENTRY, "context"));
        fails(WsaError.WSAEINVAL, () -> up.wpuCreateSocketHandle(-1, "context"));
    }

    @Proves({"wpuQuerySocketHandleContext.context", "trap-4"})
    void theContextComesBackAsItWas() throws WinsockException {
        Upcalls up = upcalls();
        for (Object context : new Object[] {new Object(), "text", 0, 7L, null}) {
            SocketHandle s = up.wpuCreateSocketHandle(probe.entry(), context);
            assertThat(up.wpuQuerySocketHandleContext(s)).isSameAs(context);
            up.wpuCloseSocketHandle(s);
        }
    }

    @Proves("wpuCreateSocketHandle.owner")
    void handlesWithOneContextAreDistinct() throws WinsockException {
        Upcalls up = upcalls();
        SocketHandle one = up.wpuCreateSocketHandle(probe.entry(), 1);
        SocketHandle other = up.wpuCreateSocketHandle(probe.entry(), 1);
        assertThat(one).isNotSameAs(other);
        up.wpuCloseSocketHandle(one);

        assertThat(up.wpuQuerySocketHandleContext(other)).isEqualTo(1);
        up.wpuCloseSocketHandle(other);
    }

    @Proves({"wpuCloseSocketHandle.release", "wpuCloseSocketHandle.notsock", "wpuQuerySocketHandleContext.notsock"})
    void aReleasedHandleIsNoSocketToAnybody() throws WinsockException {
        Upcalls up = upcalls();
        SocketHandle s = up.wpuCreateSocketHandle(probe.entry(), 1);
        up.wpuCloseSocketHandle(s);
        SocketHandle next = up.wpuCreateSocketHandle(probe.entry(), 2);

        fails(WsaError.WSAENOTSOCK, () -> up.wpuQuerySocketHandleContext(s));
        fails(WsaError.WSAENOTSOCK, () -> up.wpuCloseSocketHandle(s));
        fails(WsaError.WSAENOTSOCK, () -> ws.listen(s, 1));
        up.wpuCloseSocketHandle(next);
    }

    @Proves({"wpuCloseSocketHandle.notsock", "wpuQuerySocketHandleContext.notsock"})
    void whatWasNotCreatedHasNoContextAndCannotBeReleased() throws WinsockException {
        Upcalls up = upcalls();
        SocketHandle file = probe.services().files().createFileHandle(new NoFile());
        fails(WsaError.WSAENOTSOCK, () -> up.wpuQuerySocketHandleContext(null));
        fails(WsaError.WSAENOTSOCK, () -> up.wpuCloseSocketHandle(null));
        fails(WsaError.WSAENOTSOCK, () -> up.wpuQuerySocketHandleContext(file));
        fails(WsaError.WSAENOTSOCK, () -> up.wpuCloseSocketHandle(file));
        probe.services().files().closeHandle(file);
    }

    @Proves({"wpuCloseSocketHandle.notsock", "wpuQuerySocketHandleContext.notsock",
            "wpuCompleteOverlappedRequest.inval"})
    void theStacksOwnHandleOfTheFileSystemIsNotACreatedOne() throws WinsockException {
        onlyIf(stack.isIfs(), "stacks whose sockets are handles of the file system");
        SocketHandle below = probe.below(socket());
        Upcalls up = probe.upcalls();

        fails(WsaError.WSAENOTSOCK, () -> up.wpuQuerySocketHandleContext(below));
        fails(WsaError.WSAENOTSOCK, () -> up.wpuCloseSocketHandle(below));
        fails(WsaError.WSAEINVAL, () -> up.wpuCompleteOverlappedRequest(below, new HeapOverlapped(), 0, 0));
    }

    @Proves({"wpuModifyIfsHandle.inval", "wpuCreateSocketHandle.owner"})
    void theStacksOwnCreatedHandleIsNotOneOfTheFileSystem() throws WinsockException {
        onlyIf(!stack.isIfs(), "stacks with handles of their own");
        SocketHandle below = probe.below(socket());
        fails(WsaError.WSAEINVAL, () -> probe.upcalls().wpuModifyIfsHandle(probe.entry(), below));

        assertThat(probe.upcalls().wpuQuerySocketHandleContext(below)).isNotSameAs(below);
    }

    @Proves({"wpuQuerySocketHandleContext.context", "trap-1"})
    void aHandleThatItsClientHasClosedKeepsItsContext() throws WinsockException {
        SocketHandle s = socket();
        Object context = probe.below(s);
        probe.keepClosed();
        ws.closesocket(s);

        fails(WsaError.WSAENOTSOCK, () -> ws.listen(s, 1));
        assertThat(probe.upcalls().wpuQuerySocketHandleContext(s)).isSameAs(context);
        probe.upcalls().wpuCloseSocketHandle(s);
        fails(WsaError.WSAENOTSOCK, () -> probe.upcalls().wpuQuerySocketHandleContext(s));
    }

    @Proves("wpuCreateSocketHandle.files")
    void theFileFunctionsReachTheOwnersReceiveAndSend() throws WinsockException {
        upcalls();
        Connection c = net.connection();
        assertThat(ws.files().writeFile(c.client(), Network.bytes("file"))).isEqualTo(4);
        assertThat(net.receiveAll(c.server(), 4)).isEqualTo("file");
        net.send(c.server(), "back");
        ByteBuffer room = ByteBuffer.allocate(8);

        assertThat(ws.files().readFile(c.client(), room)).isEqualTo(4);
        assertThat(Network.text(room)).isEqualTo("back");
    }

    @Proves({"wpuCreateSocketHandle.port", "wpuCompleteOverlappedRequest.order"})
    void aCompletionGoesToThePortThatTheHandleIsAssociatedWith() throws WinsockException {
        SocketHandle s = socket();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, "key");
        HeapOverlapped block = new HeapOverlapped(signals.event());
        receive(s, block);
        assertThat(signals.isEmpty(port)).isTrue();
        probe.upcalls().wpuCompleteOverlappedRequest(s, block, 0, 5);
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.overlapped()).isSameAs(block);
        assertThat(packet.bytesTransferred()).isEqualTo(5);
        assertThat(packet.error()).isZero();
        assertThat(signals.isSet(block.hEvent())).as("its event").isTrue();
    }

    // ---- handles of the file system --------------------------------------------------------------------------------

    @Proves({"wpuModifyIfsHandle.same", "trap-11"})
    void theLastThatRegistersAHandleHasItAndTheHandleStaysTheSame() throws WinsockException {
        Upcalls up = upcalls();
        SocketHandle file = probe.services().files().createFileHandle(new NoFile());
        fails(WsaError.WSAENOTSOCK, () -> ws.listen(file, 1));

        assertThat(up.wpuModifyIfsHandle(probe.hiddenEntry(), file)).isSameAs(file);
        assertThat(up.wpuModifyIfsHandle(probe.entry(), file)).isSameAs(file);
        assertThat(ws.providerOf(file)).isEqualTo(Probe.NAME);
        probe.services().files().closeHandle(file);
        fails(WsaError.WSAENOTSOCK, () -> ws.listen(file, 1));
    }

    @Proves({"wpuModifyIfsHandle.same", "trap-11"})
    void aLayerTakesTheStacksOwnHandleOver() throws WinsockException {
        onlyIf(stack.isIfs(), "stacks whose sockets are handles of the file system");
        SocketHandle below = probe.below(socket());

        assertThat(probe.upcalls().wpuModifyIfsHandle(probe.entry(), below)).isSameAs(below);
        assertThat(ws.providerOf(below)).isEqualTo(Probe.NAME);
    }

    @Proves("wpuModifyIfsHandle.inval")
    void whatIsNoHandleOfTheFileSystemIsNotRegistered() throws WinsockException {
        Upcalls up = upcalls();
        SocketHandle created = up.wpuCreateSocketHandle(probe.entry(), 1);
        SocketHandle closed = probe.services().files().createFileHandle(new NoFile());
        probe.services().files().closeHandle(closed);

        fails(WsaError.WSAEINVAL, () -> up.wpuModifyIfsHandle(probe.entry(), null));
        fails(WsaError.WSAEINVAL, () -> up.wpuModifyIfsHandle(probe.entry(), created));
        fails(WsaError.WSAEINVAL, () -> up.wpuModifyIfsHandle(probe.entry(), closed));
        up.wpuCloseSocketHandle(created);
    }

    @Proves("wpuModifyIfsHandle.inval")
    void aHandleIsNotRegisteredForAnUnknownEntry() throws WinsockException {
        Upcalls up = upcalls();
        SocketHandle file = probe.services().files().createFileHandle(new NoFile());
        fails(WsaError.WSAEINVAL, () -> up.wpuModifyIfsHandle(UNKNOWN_ENTRY, file));
        probe.services().files().closeHandle(file);
    }

    // ---- the provider's path ---------------------------------------------------------------------------------------

    @Proves("wpuGetProviderPath.path")
    void thePathIsThatOfTheCatalogAndNotExpanded() throws WinsockException {
        UUID other = UUID.randomUUID();
        ws.catalog().wscInstallProvider(
                other, "%WS2J_NOWHERE%/other.jar", List.of(ws.wsaEnumProtocols().getLast()), Map.of());
        Upcalls up = upcalls();

        assertThat(up.wpuGetProviderPath(other)).isEqualTo("%WS2J_NOWHERE%/other.jar");
        assertThat(up.wpuGetProviderPath(probe.id())).isEqualTo("builtin:" + Probe.NAME);
    }

    @Proves("wpuGetProviderPath.inval")
    void anUnknownProviderHasNoPath() throws WinsockException {
        Upcalls up = upcalls();
        fails(WsaError.WSAEINVAL, () -> up.wpuGetProviderPath(UUID.randomUUID()));
        fails(WsaError.WSAEFAULT, () -> up.wpuGetProviderPath(null));
    }

    @Proves("wpuGetProviderPath.fault")
    void aBufferThatIsTooSmallForThePathIsAFaultThatTellsTheLength() throws WinsockException {
        Upcalls up = upcalls();
        int needed = up.wpuGetProviderPath(probe.id()).length() + 1;
        for (CharBuffer small : new CharBuffer[] {null, CharBuffer.allocate(0), CharBuffer.allocate(needed - 1)}) {
            assertThatExceptionOfType(BufferTooSmallException.class)
                    .isThrownBy(() -> up.wpuGetProviderPath(probe.id(), small))
                    .satisfies(e -> {
                        assertThat(e.is(WsaError.WSAEFAULT)).isTrue();
                        assertThat(e.needed()).isEqualTo(needed);
                    });
        }
        CharBuffer enough = CharBuffer.allocate(needed);
        assertThat(up.wpuGetProviderPath(probe.id(), enough)).isEqualTo(needed);
        assertThat(enough.flip().toString()).isEqualTo(up.wpuGetProviderPath(probe.id()) + '\0');
    }

    // ---- messages --------------------------------------------------------------------------------------------------

    @Proves({"wpuPostMessage.queue", "trap-45"})
    void aMessageLiesInTheQueueOfTheWindowsThread() throws Exception {
        Upcalls up = upcalls();
        WindowHandle window = signals.window();
        SocketHandle s = net.stream();
        assertThat(calls.start(() -> up.wpuPostMessage(window, 7, s, 8L)).result()).isTrue();
        Message message = signals.message();

        assertThat(message.wParam()).isSameAs(s);
        assertThat(message.lParam()).isEqualTo(8);
        assertThat(signals.isQueueEmpty()).isTrue();
    }

    @Proves({"wpuPostMessage.false", "trap-45"})
    void nothingIsPostedToAWindowThatIsGone() throws WinsockException {
        Upcalls up = upcalls();
        WindowHandle window = signals.window();
        ws.windows().destroyWindow(window);

        assertThat(up.wpuPostMessage(window, 7, null, 0)).isFalse();
        assertThat(up.wpuPostMessage(null, 7, null, 0)).isFalse();
    }

    @Proves("wpuPostMessage.false")
    void nothingIsPostedToAQueueThatIsFull() throws WinsockException {
        Upcalls up = upcalls();
        WindowHandle window = signals.window();
        for (int i = 0; i < QUEUE_LIMIT; i++) {
            assertThat(up.wpuPostMessage(window, i, null, 0)).isTrue();
        }
        assertThat(up.wpuPostMessage(window, 7, null, 0)).isFalse();
        signals.message();

        assertThat(up.wpuPostMessage(window, 7, null, 0)).isTrue();
    }

    // ---- blocking --------------------------------------------------------------------------------------------------

    @Proves("wpuQueryBlockingCallback.none")
    void aThreadOfAClientOf2HasNoBlockingCallback() throws WinsockException {
        assertThat(upcalls().wpuQueryBlockingCallback(probe.entry())).isNull();
    }

    @Proves("wpuQueryBlockingCallback.inval")
    void anUnknownEntryHasNoBlockingCallback() throws WinsockException {
        Upcalls up = upcalls();
        fails(WsaError.WSAEINVAL, () -> up.wpuQueryBlockingCallback(UNKNOWN_ENTRY));
    }

    // ---- procedure calls and threads -------------------------------------------------------------------------------

    @Proves("wpuQueueApc.order")
    void proceduresRunInTheirOrderInAnAlertableWaitAlone() throws Exception {
        Upcalls up = upcalls();
        WsaThreadId thread = up.wpuOpenCurrentThread();
        List<Object> ran = new ArrayList<>();
        calls.start(() -> {
            for (Object context : new Object[] {1, "two", 3L}) {
                up.wpuQueueApc(thread, ran::add, context);
            }
            return null;
        }).result();
        ws.waits().sleepEx(0, false);
        assertThat(ran).as("before an alertable wait").isEmpty();
        signals.awaitProcedures();

        assertThat(ran).containsExactly(1, "two", 3L);
        up.wpuCloseThread(thread);
    }

    @Proves("wpuQueueApc.order")
    void aProcedureEndsTheAlertableWaitOfItsThread() throws Exception {
        Upcalls up = upcalls();
        List<Thread> ran = new CopyOnWriteArrayList<>();
        List<WsaThreadId> ids = new CopyOnWriteArrayList<>();
        Call<Thread> call = calls.waiting(() -> {
            ids.add(up.wpuOpenCurrentThread());
            assertThat(ws.waits().sleepEx(WAIT_MILLIS, true)).isEqualTo(Waits.WSA_WAIT_IO_COMPLETION);
            return Thread.currentThread();
        });
        up.wpuQueueApc(ids.getFirst(), context -> ran.add(Thread.currentThread()), null);

        assertThat(ran).containsOnly(call.result());
        up.wpuCloseThread(ids.getFirst());
    }

    @Proves({"wpuQueueApc.fault", "trap-41"})
    void noProcedureAndNoThreadIsAFault() throws Exception {
        Upcalls up = upcalls();
        UserApc nothing = context -> {};
        WsaThreadId here = up.wpuOpenCurrentThread();
        fails(WsaError.WSAEFAULT, () -> up.wpuQueueApc(here, null, null));
        fails(WsaError.WSAEFAULT, () -> up.wpuQueueApc(null, nothing, null));
        up.wpuCloseThread(here);

        fails(WsaError.WSAEFAULT, () -> up.wpuQueueApc(here, nothing, null));
    }

    @Proves({"wpuQueueApc.order", "trap-38"})
    void whatIsQueuedRunsAlthoughTheIdWasClosed() throws WinsockException {
        Upcalls up = upcalls();
        WsaThreadId thread = up.wpuOpenCurrentThread();
        List<Object> ran = new ArrayList<>();
        up.wpuQueueApc(thread, ran::add, "late");
        up.wpuCloseThread(thread);
        signals.awaitProcedures();

        assertThat(ran).containsExactly("late");
    }

    @Proves("wpuOpenCurrentThread.distinct")
    void eachOpeningGivesAnotherIdThatIsCounted() throws WinsockException {
        Upcalls up = upcalls();
        int before = ws.openHandles().threadIds();
        WsaThreadId one = up.wpuOpenCurrentThread();
        WsaThreadId other = up.wpuOpenCurrentThread();
        assertThat(one).isNotEqualTo(other);
        assertThat(ws.openHandles().threadIds()).isEqualTo(before + 2);
        up.wpuCloseThread(one);
        List<Object> ran = new ArrayList<>();
        up.wpuQueueApc(other, ran::add, "still");
        signals.awaitProcedures();

        assertThat(ran).containsExactly("still");
        up.wpuCloseThread(other);
        assertThat(ws.openHandles().threadIds()).isEqualTo(before);
    }

    @Proves("wpuCloseThread.inval")
    void anIdIsClosedOnce() throws WinsockException {
        Upcalls up = upcalls();
        WsaThreadId thread = up.wpuOpenCurrentThread();
        up.wpuCloseThread(thread);

        fails(WsaError.WSAEINVAL, () -> up.wpuCloseThread(thread));
        fails(WsaError.WSAEFAULT, () -> up.wpuCloseThread(null));
    }

    @Proves("wpuCloseThread.inval")
    void theIdThatComesWithACallIsNotTheProvidersToClose() throws WinsockException {
        SocketHandle s = socket();
        HeapOverlapped block = new HeapOverlapped();
        List<Integer> told = new ArrayList<>();
        probe.holdReceives();
        pends(ws.wsaRecv(s, ByteBuffer.allocate(4), null, block, (error, bytes, which, flags) -> told.add(bytes)));
        Probe.Held receive = probe.held();

        fails(WsaError.WSAEINVAL, () -> probe.upcalls().wpuCloseThread(receive.thread()));
        probe.upcalls().wpuQueueApc(receive.thread(), context -> {
            block.internal(0);
            receive.routine().completed(0, 4, block, 0);
        }, null);
        signals.awaitProcedures();
        assertThat(told).containsExactly(4);
    }

    // ---- sets ------------------------------------------------------------------------------------------------------

    @Proves("wpuFdIsSet.member")
    void aSetHasItsMembersAlone() throws WinsockException {
        SocketHandle member = socket();
        SocketHandle other = net.stream();
        FdSet set = FdSet.of(member);
        Upcalls up = probe.upcalls();

        assertThat(up.wpuFdIsSet(member, set)).isTrue();
        assertThat(up.wpuFdIsSet(other, set)).isFalse();
        assertThat(up.wpuFdIsSet(null, set)).isFalse();
        assertThat(up.wpuFdIsSet(member, null)).isFalse();
    }

    // ---- completing ------------------------------------------------------------------------------------------------

    @Proves({"wpuCompleteOverlappedRequest.order", "trap-27"})
    void bytesComeBeforeTheStatusAndTheStatusBeforeTheEventAndThePacket() throws WinsockException {
        SocketHandle s = socket();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, 1);
        List<String> order = new CopyOnWriteArrayList<>();
        WsaEvent event = ws.waits().createEvent(() -> order.add("event, packet: " + !empty(port)));
        Recording block = new Recording(event, order);
        receive(s, block);
        order.clear();
        probe.upcalls().wpuCompleteOverlappedRequest(s, block, 0, 5);
        signals.packet(port);

        assertThat(order).containsExactly("bytes 5", "status", "event, packet: false");
        ws.wsaCloseEvent(event);
    }

    @Proves({"wpuCompleteOverlappedRequest.order", "trap-28"})
    void theProvidersOwnFieldsSurviveACompletion() throws WinsockException {
        SocketHandle s = socket();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        receive(s, block);
        block.offset(0x8000);
        block.offsetHigh(WsaError.WSAEMSGSIZE.code());
        probe.upcalls().wpuCompleteOverlappedRequest(s, block, WsaError.WSAEMSGSIZE.code(), 4);
        signals.await(block.hEvent());

        assertThat(block.offset()).isEqualTo(0x8000);
        assertThat(block.offsetHigh()).isEqualTo(WsaError.WSAEMSGSIZE.code());
        assertThat(block.isCompleted()).isTrue();
    }

    @Proves({"wpuCompleteOverlappedRequest.error", "trap-33"})
    void aFailureQueuesAPacketWithTheErrorAsTheProviderGaveIt() throws WinsockException {
        SocketHandle s = socket();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, 1);
        HeapOverlapped block = new HeapOverlapped();
        receive(s, block);
        probe.upcalls().wpuCompleteOverlappedRequest(s, block, WsaError.WSAENETRESET.code(), 0);
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.error()).isEqualTo(WsaError.WSAENETRESET.code());
        assertThat(packet.overlapped()).isSameAs(block);
    }

    @Proves({"wpuCompleteOverlappedRequest.order", "trap-31"})
    void aTaggedEventKeepsThePacketAway() throws WinsockException {
        SocketHandle s = socket();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, 1);
        WsaEvent event = signals.event();
        HeapOverlapped block = new HeapOverlapped(event.tagged());
        receive(s, block);
        probe.upcalls().wpuCompleteOverlappedRequest(s, block, 0, 1);

        signals.await(event);
        assertThat(signals.isEmpty(port)).isTrue();
    }

    @Proves("wpuCompleteOverlappedRequest.inval")
    void whatWasNotCreatedCompletesNothing() throws WinsockException {
        Upcalls up = upcalls();
        HeapOverlapped block = new HeapOverlapped();
        SocketHandle released = up.wpuCreateSocketHandle(probe.entry(), 1);
        up.wpuCloseSocketHandle(released);

        fails(WsaError.WSAEINVAL, () -> up.wpuCompleteOverlappedRequest(null, block, 0, 0));
        fails(WsaError.WSAEINVAL, () -> up.wpuCompleteOverlappedRequest(released, block, 0, 0));
    }

    @Proves("wpuCompleteOverlappedRequest.inval")
    void completingNoBlockIsAFault() throws WinsockException {
        SocketHandle s = socket();
        fails(WsaError.WSAEFAULT, () -> probe.upcalls().wpuCompleteOverlappedRequest(s, null, 0, 0));
    }

    @Proves({"wpuCompleteOverlappedRequest.closed", "trap-1"})
    void anOperationIsCompletedAfterItsClientHasClosedTheSocket() throws WinsockException {
        SocketHandle s = socket();
        CompletionPort port = signals.port();
        ws.ports().associate(s, port, "key");
        HeapOverlapped block = new HeapOverlapped();
        receive(s, block);
        probe.keepClosed();
        ws.closesocket(s);
        probe.upcalls().wpuCompleteOverlappedRequest(s, block, WsaError.WSA_OPERATION_ABORTED.code(), 0);
        CompletionPacket packet = signals.packet(port);

        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.error()).isEqualTo(WsaError.WSA_OPERATION_ABORTED.code());
        probe.upcalls().wpuCloseSocketHandle(s);
    }

    @Proves({"wpuCompleteOverlappedRequest.order", "trap-40"})
    void anOperationIsCompletedOnAThreadThatNobodyHasSeen() throws Exception {
        SocketHandle s = socket();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        receive(s, block);
        calls.start(() -> {
            probe.upcalls().wpuCompleteOverlappedRequest(s, block, 0, 2);
            return null;
        }).result();

        signals.await(block.hEvent());
        assertThat(block.internalHigh()).isEqualTo(2);
    }

    // ---- all upcalls -----------------------------------------------------------------------------------------------

    @Proves("upcalls.lifetime")
    void upcallsWorkInsideTheStartOfAProvider() throws WinsockException {
        List<String> made = new ArrayList<>();
        probe.atStart(() -> makeSome(made));
        socket();

        assertThat(made).contains("event", "handle", "thread");
    }

    @Proves({"upcalls.lifetime", "trap-25"})
    void upcallsWorkInsideTheCleanUpOfAProvider() throws WinsockException {
        List<String> made = new ArrayList<>();
        socket();
        probe.atCleanUp(() -> makeSome(made));
        ws.wsaCleanup();

        assertThat(made).contains("event", "handle", "thread");
    }

    private void makeSome(List<String> made) throws WinsockException {
        Upcalls up = probe.upcalls();
        up.wpuCloseEvent(up.wpuCreateEvent());
        made.add("event");
        up.wpuCloseSocketHandle(up.wpuCreateSocketHandle(probe.entry(), null));
        made.add("handle");
        up.wpuCloseThread(up.wpuOpenCurrentThread());
        made.add("thread");
    }

    @Proves({"upcalls.lifetime", "trap-59"})
    void afterTheLastCleanUpUpcallsAreNotInitialised() throws WinsockException {
        SocketHandle s = socket();
        Upcalls up = probe.upcalls();
        WsaEvent event = signals.event();
        WsaThreadId thread = up.wpuOpenCurrentThread();
        WindowHandle window = signals.window();
        up.wpuCloseThread(thread);
        ws.wsaCleanup();

        List<Attempt> attempts = List.of(up::wpuCreateEvent, () -> up.wpuCloseEvent(event), () -> up.wpuSetEvent(event),
                () -> up.wpuResetEvent(event), () -> up.wpuCreateSocketHandle(probe.entry(), 1),
                () -> up.wpuCloseSocketHandle(s), () -> up.wpuQuerySocketHandleContext(s),
                () -> up.wpuModifyIfsHandle(probe.entry(), s), () -> up.wpuGetProviderPath(probe.id()),
                () -> up.wpuQueryBlockingCallback(probe.entry()), () -> up.wpuQueueApc(thread, context -> {}, null),
                up::wpuOpenCurrentThread, () -> up.wpuCloseThread(thread),
                () -> up.wpuCompleteOverlappedRequest(s, new HeapOverlapped(), 0, 0));
        attempts.forEach(attempt -> fails(WsaError.WSANOTINITIALISED, attempt));
        assertThat(up.wpuPostMessage(window, 1, null, 0)).isFalse();
        assertThat(up.wpuFdIsSet(s, FdSet.of(s))).isFalse();
    }

    // ---- ----

    /** Starts the probe over the stack. {@return what it was given} */
    private Upcalls upcalls() throws WinsockException {
        if (probe.upcalls() == null) {
            socket();
        }
        return probe.upcalls();
    }

    private SocketHandle socket() throws WinsockException {
        probe.install(ws);
        return net.stream();
    }

    private Probe.Held receive(SocketHandle s, WsaOverlapped block) throws WinsockException {
        probe.holdReceives();
        pends(ws.wsaRecv(s, ByteBuffer.allocate(8), null, block, null));
        return probe.held();
    }

    private boolean empty(CompletionPort port) {
        try {
            return signals.isEmpty(port);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    /** A file without content. */
    private static final class NoFile implements FileObject {
        @Override
        public int read(ByteBuffer target) {
            return 0;
        }

        @Override
        public int write(ByteBuffer source) {
            return 0;
        }

        @Override
        public void close() {}
    }

    /** A block that tells in which order it is written. */
    private static final class Recording extends WsaOverlapped {
        private final HeapOverlapped fields;
        private final List<String> order;

        Recording(WsaEvent event, List<String> order) {
            fields = new HeapOverlapped(event);
            this.order = order;
        }

        @Override
        public long internal() {
            return fields.internal();
        }

        @Override
        public void internal(long status) {
            order.add("status");
            fields.internal(status);
        }

        @Override
        public long internalHigh() {
            return fields.internalHigh();
        }

        @Override
        public void internalHigh(long bytes) {
            order.add("bytes " + bytes);
            fields.internalHigh(bytes);
        }

        @Override
        public int offset() {
            return fields.offset();
        }

        @Override
        public void offset(int flags) {
            fields.offset(flags);
        }

        @Override
        public int offsetHigh() {
            return fields.offsetHigh();
        }

        @Override
        public void offsetHigh(int error) {
            fields.offsetHigh(error);
        }

        @Override
        public WsaEvent hEvent() {
            return fields.hEvent();
        }
    }
}
