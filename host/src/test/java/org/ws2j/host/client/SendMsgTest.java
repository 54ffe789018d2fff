package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEMSGSIZE;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEOPNOTSUPP;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.IfsLayerTable;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.traps.Trap;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.ConnectEx;
import org.ws2j.spi.ExtensionFunction;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaMsg;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaSendMsg;
import org.ws2j.spi.WsaSendMsgData;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** WSASendMsg, and the extension functions of providers. */
@Timeout(30)
final class SendMsgTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule base = FakeModule.of("base", PollingTable::new);
    private final WsaProtocolInfo entry;
    private final WsaMsg msg = new WsaMsg(ByteBuffer.allocate(3), ByteBuffer.allocate(4));

    /** A call of the provider's function. */
    private record Call(SocketHandle s, WsaMsg msg, int flags, WsaOverlapped overlapped, WsaCompletionRoutine routine) {
    }

    private final List<Call> calls = new ArrayList<>();
    private long answer = 7;

    SendMsgTest() throws WinsockException {
        entry = host.base(base, FakeHost.udp());
    }

    @AfterEach
    void close() {
        host.close();
    }

    /** Lets the base provider offer the function, which remembers its calls. */
    private void offer() {
        base.tables().forEach(table -> ((PollingTable) table).sendMsg(this::sendMsg));
    }

    private long sendMsg(SocketHandle s, WsaMsg m, int flags, WsaOverlapped ov, WsaCompletionRoutine routine) {
        calls.add(new Call(s, m, flags, ov, routine));
        return answer;
    }

    private SocketHandle below(SocketHandle s) throws WinsockException {
        return (SocketHandle) base.upcalls().wpuQuerySocketHandleContext(s);
    }

    private SocketHandle layered() throws WinsockException {
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), entry);
        host.start();
        SocketHandle s = host.socket(chain);
        offer();
        return s;
    }

    @Test
    void theProvidersFunctionGetsTheMessageAndTheBuffersAdvance() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        msg.name(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));
        answer = 5;
        winsock.wsaSetLastError(3);
        assertThat(winsock.wsaSendMsg(s, msg, 4, null, null)).isEqualTo(5);
        assertThat(calls).containsExactly(new Call(s, msg, 4, null, null));
        assertThat(msg.buffers()[0].remaining()).isZero();
        assertThat(msg.buffers()[1].remaining()).isEqualTo(2);
        assertThat(winsock.wsaGetLastError()).isEqualTo(3);
    }

    @Test
    void wouldBlockIsAResult() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        answer = WspResult.WOULD_BLOCK;
        assertThat(winsock.wsaSendMsg(s, msg, 0, null, null)).isEqualTo(WspResult.WOULD_BLOCK);
        assertThat(msg.buffers()[0].position()).isZero();
    }

    @Test
    void anOverlappedOneOnABaseProvidersSocketGoesDownAsItIs() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        HeapOverlapped overlapped = new HeapOverlapped();
        WsaCompletionRoutine routine = (error, bytes, ov, flags) -> {};
        answer = WspResult.IO_PENDING;
        assertThat(winsock.wsaSendMsg(s, msg, 0, overlapped, routine)).isEqualTo(WspResult.IO_PENDING);
        assertThat(calls).containsExactly(new Call(s, msg, 0, overlapped, routine));
        assertThat(msg.buffers()[0].position()).isZero();
    }

    @Test
    void aSocketOfALayerGoesToTheBaseProviderPastTheLayer() throws Exception {
        SocketHandle s = layered();
        assertThat(host.winsock().wsaSendMsg(s, msg, 0, null, null)).isEqualTo(7);
        assertThat(calls).containsExactly(new Call(below(s), msg, 0, null, null));
    }

    @Test
    void aHandleThatALayerPassesThroughIsTheBaseProvidersToo() throws Exception {
        WsaProtocolInfo chain = host.ifsChain(FakeModule.of("through", IfsLayerTable::new), entry);
        host.start();
        SocketHandle s = host.socket(chain);
        offer();
        assertThat(host.winsock().wsaSendMsg(s, msg, 0, null, null)).isEqualTo(7);
        assertThat(calls).containsExactly(new Call(s, msg, 0, null, null));
    }

    @Test
    void whatIsOverLaterPastALayerIsIndicatedAsAnOperationOnTheClientsSocket() throws Exception {
        SocketHandle s = layered();
        Winsock winsock = host.winsock();
        CompletionPort port = winsock.ports().createIoCompletionPort(1);
        winsock.ports().associate(s, port, "key");
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaSetEvent(event);
        HeapOverlapped overlapped = new HeapOverlapped(event);
        answer = WspResult.IO_PENDING;
        assertThat(winsock.wsaSendMsg(s, msg, 0, overlapped, null)).isEqualTo(WspResult.IO_PENDING);
        assertThat(overlapped.isCompleted()).isFalse();
        assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isNotZero();
        winsock.files().completeRequest(below(s), calls.getFirst().overlapped(), WSAEMSGSIZE.code(), 2);
        CompletionPacket packet = new CompletionPacket();
        assertThat(winsock.ports().getQueuedCompletionStatus(port, packet, 0)).isTrue();
        assertThat(packet.overlapped()).isSameAs(overlapped);
        assertThat(packet.completionKey()).isEqualTo("key");
        assertThat(packet.error()).isEqualTo(WSAEMSGSIZE.code());
        assertThat(packet.bytesTransferred()).isEqualTo(2);
        assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isZero();
        assertThat(overlapped.internal()).isEqualTo(WSAEMSGSIZE.code());
        assertThat(overlapped.offsetHigh()).isEqualTo(WSAEMSGSIZE.code());
    }

    @Test
    void theRoutineOfOnePastALayerRunsOnTheCallingThreadWithTheClientsBlock() throws Exception {
        SocketHandle s = layered();
        Winsock winsock = host.winsock();
        HeapOverlapped overlapped = new HeapOverlapped();
        List<Object> ran = new ArrayList<>();
        answer = WspResult.IO_PENDING;
        winsock.wsaSendMsg(s, msg, 0, overlapped, (error, bytes, ov, flags) -> ran.addAll(List.of(error, bytes, ov)));
        assertThat(calls.getFirst().routine()).isNull();
        winsock.files().completeRequest(below(s), calls.getFirst().overlapped(), 0, 7);
        assertThat(ran).isEmpty();
        winsock.waits().sleepEx(0, true);
        assertThat(ran).containsExactly(0, 7, overlapped);
        assertThat(overlapped.internalHigh()).isEqualTo(7);
    }

    @Test
    @Trap({50, 51})
    void aLayerThatClaimsWsaSendMsgGetsItBack() throws Exception {
        FakeModule claiming = FakeModule.of(
                "claiming", start -> new ClaimingLayer(start, true, IoctlCode.SIO_BSP_HANDLE));
        WsaProtocolInfo chain = host.chain(claiming, entry);
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(winsock.wsaSendMsg(s, msg, 4, null, null)).isEqualTo(3);
        assertThat(msg.buffers()[0].remaining()).isZero();
        msg.buffers(ByteBuffer.allocate(2));
        HeapOverlapped overlapped = new HeapOverlapped();
        WsaCompletionRoutine routine = (error, bytes, ov, flags) -> {};
        assertThat(winsock.wsaSendMsg(s, msg, 0, overlapped, routine)).isEqualTo(2);
        List<ClaimingLayer.Extended> seen = claiming.table(ClaimingLayer.class).extended;
        WsaSendMsgData first = (WsaSendMsgData) seen.getFirst().in();
        assertThat(first.msg()).isSameAs(msg);
        assertThat(first.dwFlags()).isEqualTo(4);
        assertThat(seen.getFirst().thread()).isNull();
        assertThat(seen.getLast().s()).isSameAs(s);
        assertThat(seen.getLast().overlapped()).isSameAs(overlapped);
        assertThat(seen.getLast().routine()).isSameAs(routine);
        assertThat(seen.getLast().thread()).isNotNull();
        assertThat(msg.buffers()[0].position()).isZero();
    }

    @Test
    @Trap(50)
    void whatALayerFurtherDownHasClaimedIsIndicatedOnTheClientsSocket() throws Exception {
        FakeModule claiming = FakeModule.of(
                "claiming", start -> new ClaimingLayer(start, 1, true, IoctlCode.SIO_BSP_HANDLE));
        FakeModule top = FakeModule.of("top", NonIfsLayerTable::new);
        WsaProtocolInfo chain = host.chain(top, host.chain(claiming, entry));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        WsaCompletionRoutine routine = (error, bytes, ov, flags) -> {};
        winsock.wsaSendMsg(s, msg, 0, new HeapOverlapped(), routine);
        ClaimingLayer.Extended seen = claiming.table(ClaimingLayer.class).extended.getFirst();
        assertThat(seen.s()).isNotSameAs(s);
        assertThat(seen.routine()).isNull();
        assertThat(seen.overlapped().sink()).as("who is told of the end").isNotNull();
    }

    @Test
    void whatIsMissingAnswersFaultOrInvalid() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        assertFails(WSAEFAULT, () -> winsock.wsaSendMsg(s, null, 0, null, null));
        assertFails(WSAEFAULT, () -> winsock.wsaSendMsg(s, new WsaMsg((ByteBuffer[]) null), 0, null, null));
        assertFails(WSAEFAULT, () -> winsock.wsaSendMsg(s, new WsaMsg((ByteBuffer) null), 0, null, null));
        assertFails(WSAEINVAL, () -> winsock.wsaSendMsg(s, new WsaMsg(), 0, null, null));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINVAL.code());
        assertFails(WSAENOTSOCK, () -> winsock.wsaSendMsg(null, msg, 0, null, null));
        assertThat(calls).isEmpty();
    }

    @Test
    void aRoutineOnASocketWithACompletionPortIsInvalid() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        winsock.ports().associate(s, winsock.ports().createIoCompletionPort(1), null);
        assertFails(WSAEINVAL,
                () -> winsock.wsaSendMsg(s, msg, 0, new HeapOverlapped(), (error, bytes, ov, flags) -> {}));
        assertThat(calls).isEmpty();
    }

    @Test
    void resultsThatCannotBeAreSystemCallFailures() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        for (long odd : new long[] {8, -1, WspResult.IO_PENDING}) {
            answer = odd;
            assertFails(WSASYSCALLFAILURE, () -> winsock.wsaSendMsg(s, msg, 0, null, null));
        }
    }

    @Test
    void whereTheProviderHasNoSuchFunctionItsAnswerIsTheClients() throws Exception {
        WsaProtocolInfo silent = host.base(FakeModule.nonIfs("silent"));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(silent);
        assertFails(WSAEOPNOTSUPP, () -> winsock.wsaSendMsg(s, msg, 0, null, null));
        SocketHandle other = host.socket(entry);
        assertFails(WSAEINVAL, () -> winsock.wsaSendMsg(other, msg, 0, null, null));
    }

    @Test
    @Trap(52)
    void anExtensionFunctionComesWithItsType() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        WsaSendMsg function = winsock.extensionFunction(s, ExtensionFunction.WSAID_WSASENDMSG, WsaSendMsg.class);
        assertThat(function.wsaSendMsg(s, msg, 1, null, null)).isEqualTo(7);
        assertThat(calls).hasSize(1);
    }

    @Test
    void anExtensionFunctionOfAnotherTypeIsAFaultAndAnUnknownOneTheProvidersAnswer() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        offer();
        assertFails(WSAEFAULT,
                () -> winsock.extensionFunction(s, ExtensionFunction.WSAID_WSASENDMSG, ConnectEx.class));
        assertFails(WSAEINVAL,
                () -> winsock.extensionFunction(s, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINVAL.code());
        assertFails(WSAENOTSOCK,
                () -> winsock.extensionFunction(null, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class));
    }

    @Test
    void aProviderThatAnswersNothingForAFunctionFailsTheCall() throws Exception {
        WsaProtocolInfo odd = host.base(FakeModule.of("odd", start -> new NonIfsTable(start) {
            @Override
            public long wspIoctl(SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) {
                return 0;
            }
        }));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(odd);
        assertFails(WSASYSCALLFAILURE,
                () -> winsock.extensionFunction(s, ExtensionFunction.WSAID_CONNECTEX, ConnectEx.class));
    }
}
