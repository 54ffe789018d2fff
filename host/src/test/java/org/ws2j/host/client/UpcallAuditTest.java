package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.UpcallAudit;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcall;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** Who made which upcall. */
@Timeout(30)
final class UpcallAuditTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule base = FakeModule.nonIfs("base");
    private final FakeModule layer = FakeModule.nonIfsLayer("layer");
    private WsaProtocolInfo chain;

    UpcallAuditTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    private UpcallAudit start() throws WinsockException {
        chain = host.chain(layer, host.base(base));
        host.configure(WinsockBuilder::auditUpcalls);
        return host.start().upcallAudit().orElseThrow();
    }

    @Test
    void aHostThatWasNotAskedToCountsNothing() throws Exception {
        assertThat(host.start().upcallAudit()).isEmpty();
    }

    @Test
    void anUpcallIsThatOfTheProviderWhoseFunctionRuns() throws Exception {
        UpcallAudit audit = start();
        SocketHandle s = host.socket(chain);
        assertThat(audit.callers(Upcall.WPU_CREATE_SOCKET_HANDLE)).containsOnly(Map.entry("base", 1L),
                Map.entry("layer", 1L));
        host.winsock().send(s, ByteBuffer.allocate(1), 0);
        host.winsock().send(s, ByteBuffer.allocate(1), 0);
        assertThat(audit.callers(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT))
                .containsOnly(Map.entry("base", 2L), Map.entry("layer", 2L));
        host.winsock().closesocket(s);
        assertThat(audit.callers(Upcall.WPU_CLOSE_SOCKET_HANDLE)).containsOnly(Map.entry("base", 1L),
                Map.entry("layer", 1L));
        assertThat(audit.count(Upcall.WPU_CLOSE_SOCKET_HANDLE)).isEqualTo(2);
        assertThat(audit.count(Upcall.WPU_QUEUE_APC)).isZero();
        assertThat(audit.callers(Upcall.WPU_QUEUE_APC)).isEmpty();
    }

    @Test
    void startUpIsAFunctionOfAProviderToo() throws Exception {
        UpcallAudit audit = start();
        host.socket(chain);
        assertThat(audit.callers(Upcall.WPU_GET_PROVIDER_PATH)).containsOnly(Map.entry("layer", 1L));
    }

    @Test
    void onAnotherThreadTheHandleOrTheEntryTells() throws Exception {
        UpcallAudit audit = start();
        SocketHandle s = host.socket(chain);
        int baseId = base.starts().getFirst().info().catalogEntryId();
        Upcalls upcalls = base.upcalls();
        TestThreads.start(() -> {
            SocketHandle made = upcalls.wpuCreateSocketHandle(baseId, null);
            upcalls.wpuCompleteOverlappedRequest(made, new HeapOverlapped(), 0, 0);
            upcalls.wpuCompleteOverlappedRequest(s, new HeapOverlapped(), 0, 0);
            upcalls.wpuCloseSocketHandle(made);
            upcalls.wpuCloseEvent(upcalls.wpuCreateEvent());
            upcalls.wpuGetProviderPath(chain.providerId(), CharBuffer.allocate(100));
            return null;
        }).get();
        assertThat(audit.callers(Upcall.WPU_CREATE_SOCKET_HANDLE)).containsOnly(Map.entry("base", 2L),
                Map.entry("layer", 1L));
        assertThat(audit.callers(Upcall.WPU_COMPLETE_OVERLAPPED_REQUEST))
                .containsOnly(Map.entry("base", 1L), Map.entry("layer", 1L));
        assertThat(audit.callers(Upcall.WPU_CREATE_EVENT)).containsOnly(Map.entry(UpcallAudit.UNATTRIBUTED, 1L));
        assertThat(audit.callers(Upcall.WPU_GET_PROVIDER_PATH))
                .containsOnly(Map.entry("layer", 1L), Map.entry(UpcallAudit.UNATTRIBUTED, 1L));
    }

    @Test
    void aCallThatFailsCountsAndFailsAsWithoutTheAudit() throws Exception {
        UpcallAudit audit = start();
        host.socket(chain);
        assertFails(WSAENOTSOCK, () -> base.upcalls().wpuCloseSocketHandle(null));
        assertThat(audit.callers(Upcall.WPU_CLOSE_SOCKET_HANDLE)).containsOnly(Map.entry(UpcallAudit.UNATTRIBUTED, 1L));
    }
}
