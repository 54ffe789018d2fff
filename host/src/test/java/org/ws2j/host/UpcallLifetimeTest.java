package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcall;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;

/** When upcalls work: from the moment WSPStartup is entered until the last WSACleanup has ended. */
@Timeout(30)
final class UpcallLifetimeTest {
    private final FakeHost host = new FakeHost();

    UpcallLifetimeTest() throws WinsockException {
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static EveryUpcall every(FakeStart start) {
        try {
            return new EveryUpcall(start.upcalls(), start.services(), start.info());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theSixteenOfTheTestAreAllThereAre() throws Exception {
        AtomicReference<EveryUpcall> every = new AtomicReference<>();
        FakeModule module = FakeModule.of("base", start -> {
            every.set(every(start));
            return new NonIfsTable(start);
        });
        host.base(module);
        host.start();
        host.socket();
        List<String> names = new ArrayList<>(every.get().withErrorCode().keySet());
        names.add("wpuFdIsSet");
        names.add("wpuPostMessage");
        assertThat(names).hasSize(16).containsExactlyInAnyOrderElementsOf(
                List.of(Upcall.values()).stream().map(Upcall::methodName).toList());
    }

    @Test
    void theyWorkInsideStartUp() throws Exception {
        List<String> done = new ArrayList<>();
        FakeModule module = FakeModule.of("base", start -> {
            every(start).assertAllSucceed();
            done.add("start-up");
            return new NonIfsTable(start);
        });
        host.base(module);
        host.start();
        host.socket();
        assertThat(done).containsExactly("start-up");
    }

    @Test
    void aHandleMadeInsideStartUpIsServedByTheProviderAfterwards() throws Exception {
        AtomicReference<SocketHandle> early = new AtomicReference<>();
        FakeModule module = FakeModule.of("base", start -> {
            NonIfsTable table = new NonIfsTable(start);
            early.set(table.wspSocket(0, 0, 0, start.info(), 0, 0));
            return table;
        });
        host.base(module);
        Winsock winsock = host.start();
        host.socket();
        NonIfsTable table = module.table(NonIfsTable.class);
        table.socket(early.get()).willReceive((byte) 7);
        assertThat(winsock.recv(early.get(), ByteBuffer.allocate(2), 0)).isEqualTo(1);
        assertThat(winsock.providerOf(early.get())).isEqualTo("base");
        winsock.closesocket(early.get());
    }

    @Test
    void theyWorkInsideTheStartUpOfEachLayer() throws Exception {
        List<String> done = new ArrayList<>();
        FakeModule base = FakeModule.of("base", start -> {
            every(start).assertAllSucceed();
            done.add("base");
            return new NonIfsTable(start);
        });
        FakeModule layer = FakeModule.of("layer", start -> {
            every(start).assertAllSucceed();
            NonIfsLayerTable table = new NonIfsLayerTable(start);
            every(start).assertAllSucceed();
            done.add("layer");
            return table;
        });
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        host.start();
        host.socket(chain);
        assertThat(done).containsExactly("base", "layer");
    }

    @Test
    void theyWorkInsideTheCleanUpOfEachLayerAndFailAfterTheLast() throws Exception {
        List<String> done = new ArrayList<>();
        List<EveryUpcall> left = new ArrayList<>();
        FakeModule base = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() {
                every(start).assertAllSucceed();
                left.add(every(start));
                done.add("base");
            }
        });
        FakeModule layer = FakeModule.of("layer", start -> new NonIfsLayerTable(start) {
            @Override
            public void wspCleanup() throws WinsockException {
                super.wspCleanup();
                every(start).assertAllSucceed();
                done.add("layer");
            }
        });
        WsaProtocolInfo chain = host.chain(layer, host.base(base));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        winsock.wsaCleanup();
        assertThat(done).containsExactly("base", "layer");
        assertThat(host.reports().failures()).isEmpty();
        assertAllFail(left.getFirst());
        assertFails(WSANOTINITIALISED, () -> base.upcalls().wpuQuerySocketHandleContext(s));
    }

    private static void assertAllFail(EveryUpcall every) {
        every.withErrorCode().forEach((name, call) -> {
            try {
                assertFails(WSANOTINITIALISED, call);
            } catch (AssertionError e) {
                throw new AssertionError(name, e);
            }
        });
        assertThat(every.fdIsSet()).isFalse();
        assertThat(every.postMessage()).isFalse();
    }

    @Test
    void theyWorkUntilTheLastOfSeveralCleanups() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        winsock.wsaStartup(WinsockVersion.V2_2);
        host.socket();
        winsock.wsaCleanup();
        every(module.starts().getFirst()).assertAllSucceed();
        EveryUpcall last = every(module.starts().getFirst());
        winsock.wsaCleanup();
        assertAllFail(last);
        assertFails(WSANOTINITIALISED, winsock::wsaCleanup);
    }

    @Test
    void theyWorkAgainAfterAnotherStartUp() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        host.socket();
        winsock.wsaCleanup();
        winsock.wsaStartup(WinsockVersion.V2_2);
        winsock.closesocket(host.socket());
        assertThat(module.starts()).hasSize(2);
        every(module.starts().getLast()).assertAllSucceed();
    }

    @Test
    void whileTheLastCleanupRunsClientsAreRefused() throws Exception {
        AtomicReference<Winsock> winsock = new AtomicReference<>();
        List<Integer> codes = new ArrayList<>();
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCleanup() {
                assertFails(WSAEINPROGRESS, () -> winsock.get().wsaStartup(WinsockVersion.V2_2));
                assertFails(WSANOTINITIALISED, () -> winsock.get().wsaCleanup());
                assertFails(WSANOTINITIALISED, () -> winsock.get().socket(2, 1, 6));
                codes.add(0);
            }
        });
        host.base(module);
        winsock.set(host.start());
        host.socket();
        winsock.get().wsaCleanup();
        assertThat(codes).hasSize(1);
        assertThat(host.reports().failures()).isEmpty();
    }

    @Test
    void onFailureNothingThatWasPassedInIsWritten() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        host.base(module);
        Winsock winsock = host.start();
        host.socket();
        Upcalls upcalls = module.upcalls();
        WsaEvent event = upcalls.wpuCreateEvent();
        RecordingOverlapped overlapped = new RecordingOverlapped(event);
        winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, () -> upcalls.wpuCompleteOverlappedRequest(null, overlapped, 0, 1));
        assertFails(WSANOTINITIALISED,
                () -> upcalls.wpuCompleteOverlappedRequest(null, new HeapOverlapped(), 0, 1));
        assertThat(overlapped.log).isEmpty();
        assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(Waits.WSA_WAIT_TIMEOUT);
    }
}
