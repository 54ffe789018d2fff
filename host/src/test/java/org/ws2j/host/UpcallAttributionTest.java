package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcall;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** A table of upcalls is handed from layer to layer, so it does not tell who calls. */
@Timeout(30)
final class UpcallAttributionTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule base = FakeModule.nonIfs("base");
    private final FakeModule layer = FakeModule.nonIfsLayer("layer");
    private final WsaProtocolInfo baseEntry;
    private final WsaProtocolInfo chain;
    private final UpcallAudit audit;
    private final SocketHandle upper;

    UpcallAttributionTest() throws WinsockException {
        baseEntry = host.base(base);
        chain = host.chain(layer, baseEntry);
        host.configure(WinsockBuilder::auditUpcalls).start();
        upper = host.socket(chain);
        audit = host.winsock().upcallAudit().orElseThrow();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void elsewhere(Call call) throws Exception {
        TestThreads.start(() -> {
            call.on(layer.upcalls());
            return null;
        }).get();
    }

    /** One upcall. */
    @FunctionalInterface
    private interface Call {
        void on(Upcalls upcalls) throws WinsockException;
    }

    @Test
    void theLayerBelowHasTheUpcallsOfTheLayerAbove() {
        assertThat(base.upcalls()).isSameAs(layer.upcalls());
    }

    @Test
    void aCallInsideStartUpIsThatOfTheProviderBeingStarted() {
        assertThat(audit.callers(Upcall.WPU_GET_PROVIDER_PATH)).isEqualTo(Map.of("layer", 1L));
    }

    @Test
    void aCallInsideASpiCallIsThatOfTheProviderWhoseFunctionRuns() throws Exception {
        assertThat(audit.callers(Upcall.WPU_CREATE_SOCKET_HANDLE)).isEqualTo(Map.of("base", 1L, "layer", 1L));
        host.winsock().recv(upper, ByteBuffer.allocate(1), 0);
        assertThat(audit.callers(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT)).isEqualTo(Map.of("base", 1L, "layer", 1L));
        assertThat(audit.count(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT)).isEqualTo(2);
    }

    @Test
    void elsewhereTheOwnerOfTheHandleTells() throws Exception {
        elsewhere(upcalls -> upcalls.wpuQuerySocketHandleContext(upper));
        assertThat(audit.callers(Upcall.WPU_QUERY_SOCKET_HANDLE_CONTEXT)).isEqualTo(Map.of("layer", 1L));
    }

    @Test
    void elsewhereTheCatalogEntryTells() throws Exception {
        elsewhere(upcalls -> upcalls.wpuQueryBlockingCallback(baseEntry.catalogEntryId()));
        elsewhere(upcalls -> upcalls.wpuQueryBlockingCallback(chain.catalogEntryId()));
        assertThat(audit.callers(Upcall.WPU_QUERY_BLOCKING_CALLBACK)).isEqualTo(Map.of("base", 1L, "layer", 1L));
    }

    @Test
    void whereNothingTellsACallIsUnattributed() throws Exception {
        elsewhere(upcalls -> upcalls.wpuCloseEvent(upcalls.wpuCreateEvent()));
        assertThat(audit.callers(Upcall.WPU_CREATE_EVENT)).isEqualTo(Map.of("unattributed", 1L));
        assertThat(audit.callers(Upcall.WPU_CLOSE_EVENT)).isEqualTo(Map.of(UpcallAudit.UNATTRIBUTED, 1L));
    }

    @Test
    void upcallsUnderTheAuditAnswerAsWithoutIt() throws Exception {
        SocketHandle below = base.table(NonIfsTable.class).sockets().getFirst();
        assertThat(layer.upcalls().wpuQuerySocketHandleContext(upper)).isSameAs(below);
        assertThat(host.winsock().providerOf(upper)).isEqualTo("layer");
        assertThat(List.of(Upcall.values())).allSatisfy(upcall -> assertThat(audit.count(upcall)).isNotNegative());
        host.winsock().closesocket(upper);
        assertThat(host.winsock().openHandles().isEmpty()).isTrue();
    }
}
