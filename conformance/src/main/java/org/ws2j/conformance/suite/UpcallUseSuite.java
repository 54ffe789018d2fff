package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;
import static org.ws2j.conformance.Expect.pends;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.Message;
import org.ws2j.spi.NetworkEvent;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcall;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaEvent;

/** Who has to make which upcall: what the host counts while the stack works. */
final class UpcallUseSuite extends Suite {

    @Override
    protected void configure(WinsockBuilder builder) {
        builder.auditUpcalls();
    }

    @Proves("upcalls.handles")
    void eachSocketOfANonIfsProviderIsCreatedAndClosedByItsUpcalls() throws WinsockException {
        onlyIf(!stack.isIfs(), "stacks with handles of their own");
        Connection c = net.connection();
        String top = ws.providerOf(c.client());
        assertThat(made(Upcall.WPU_CREATE_SOCKET_HANDLE, top)).as("accepted sockets included")
                .isGreaterThanOrEqualTo(3);
        for (SocketHandle s : List.of(c.client(), c.server(), c.listener())) {
            ws.closesocket(s);
        }

        assertThat(made(Upcall.WPU_CLOSE_SOCKET_HANDLE, top)).isGreaterThanOrEqualTo(3);
        assertThat(made(Upcall.WPU_CLOSE_SOCKET_HANDLE, top)).isEqualTo(made(Upcall.WPU_CREATE_SOCKET_HANDLE, top));
    }

    @Proves("upcalls.context")
    void aNonIfsProviderAsksForTheContextInEachCall() throws WinsockException {
        onlyIf(!stack.isIfs(), "stacks with handles of their own");
        SocketHandle s = net.boundDatagram();
        String top = ws.providerOf(s);
        for (int i = 0; i < 5; i++) {
            long before = made(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT, top);
            ws.getsockname(s);
            assertThat(made(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT, top)).isGreaterThan(before);
        }
    }

    @Proves("upcalls.modify")
    void eachSocketOfAnIfsProviderIsRegistered() throws WinsockException {
        onlyIf(stack.isIfs(), "stacks whose sockets are handles of the file system");
        Connection c = net.connection();
        String top = ws.providerOf(c.client());

        assertThat(made(Upcall.WPU_MODIFY_IFS_HANDLE, top)).as("accepted sockets included").isGreaterThanOrEqualTo(3);
        assertThat(made(Upcall.WPU_CREATE_SOCKET_HANDLE, top)).isZero();
        assertThat(made(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT, top)).isZero();
    }

    @Proves("upcalls.path")
    void aLayerAsksWhereTheNextOneLies() throws WinsockException {
        onlyIf(stack.isLayered(), "stacks with layers");
        String top = ws.providerOf(net.stream());

        assertThat(made(Upcall.WPU_GET_PROVIDER_PATH, top)).isPositive();
    }

    @Proves("upcalls.message")
    void messagesArePostedByTheUpcall() throws WinsockException {
        Connection c = net.connection();
        ws.wsaAsyncSelect(c.client(), signals.window(), Message.WM_USER, NetworkEvent.FD_READ);
        net.send(c.server(), "x");
        signals.message();

        assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_POST_MESSAGE)).isPositive();
    }

    @Proves("upcalls.complete")
    void aNonIfsProviderCompletesByTheUpcall() throws WinsockException {
        onlyIf(!stack.isIfs(), "stacks with handles of their own");
        Connection c = net.connection();
        HeapOverlapped block = new HeapOverlapped(signals.event());
        pends(ws.wsaRecv(c.client(), ByteBuffer.allocate(4), null, block, null));
        net.send(c.server(), "done");
        signals.await(block.hEvent());

        assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_COMPLETE_OVERLAPPED_REQUEST)).isPositive();
        assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_QUEUE_APC)).isZero();
    }

    @Proves("upcalls.routine")
    void aCompletionRoutineIsQueuedByTheUpcallAndCompletesOtherwiseNot() throws WinsockException {
        Connection c = net.connection();
        List<Integer> told = new ArrayList<>();
        pends(ws.wsaRecv(c.client(), ByteBuffer.allocate(4), null, new HeapOverlapped(),
                (error, bytes, block, flags) -> told.add(bytes)));
        net.send(c.server(), "done");
        signals.awaitProcedures();

        assertThat(told).containsExactly(4);
        assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_QUEUE_APC)).isPositive();
        if (!stack.isLayered()) { // Below a layer goes an operation of the layer's own, without a routine.
            assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_COMPLETE_OVERLAPPED_REQUEST)).isZero();
        }
    }

    @Proves("upcalls.blocking")
    void aProviderAsksForTheHookBeforeItBlocks() throws WinsockException {
        ws.wsaCleanup();
        ws.wsaStartup(WinsockVersion.V1_1);
        SocketHandle s = net.boundDatagram();
        ws.wsaSetBlockingHook(() -> {
            cancel();
            return false;
        });
        fails(WsaError.WSAEINTR, () -> ws.recv(s, ByteBuffer.allocate(4), 0));

        assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_QUERY_BLOCKING_CALLBACK)).isPositive();
    }

    @Proves("upcalls.events")
    void whoMakesAnEventByUpcallClosesItAgain() throws WinsockException {
        Connection c = net.connection();
        WsaEvent event = signals.event();
        ws.wsaEventSelect(c.client(), event, NetworkEvent.FD_READ);
        net.send(c.server(), "x");
        signals.await(event);
        ws.wsaCleanup();

        assertThat(ws.upcallAudit().orElseThrow().count(Upcall.WPU_CLOSE_EVENT))
                .isEqualTo(ws.upcallAudit().orElseThrow().count(Upcall.WPU_CREATE_EVENT));
    }

    private void cancel() {
        try {
            ws.wsaCancelBlockingCall();
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    private long made(Upcall upcall, String provider) {
        return ws.upcallAudit().orElseThrow().callers(upcall).getOrDefault(provider, 0L);
    }
}
