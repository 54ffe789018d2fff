package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.IfsLayerTable;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

@Timeout(30)
final class WpuModifyIfsHandleTest {
    private final TwoKinds hosts;

    WpuModifyIfsHandleTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private SocketHandle unregistered() throws WinsockException {
        return hosts.winsock.files().createFileHandle(new FakeSocket(hosts.ifsEntry, 0));
    }

    @Test
    void theHandleIsASocketOnceItIsRegistered() throws Exception {
        SocketHandle s = unregistered();
        assertFails(WSAENOTSOCK, () -> hosts.winsock.recv(s, ByteBuffer.allocate(1), 0));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.closesocket(s));
        hosts.upcalls.wpuModifyIfsHandle(hosts.ifsEntry.catalogEntryId(), s);
        assertThat(hosts.winsock.recv(s, ByteBuffer.allocate(1), 0)).isZero();
        assertThat(hosts.winsock.providerOf(s)).isEqualTo("ifs");
    }

    @Test
    void theVerySameHandleComesBack() throws Exception {
        SocketHandle s = unregistered();
        assertThat(hosts.upcalls.wpuModifyIfsHandle(hosts.ifsEntry.catalogEntryId(), s)).isSameAs(s);
    }

    @Test
    void whatIsNoOpenFileHandleAnswersInvalid() throws Exception {
        int entry = hosts.ifsEntry.catalogEntryId();
        SocketHandle closed = unregistered();
        hosts.winsock.files().closeHandle(closed);
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuModifyIfsHandle(entry, null));
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuModifyIfsHandle(entry, closed));
        try (TwoKinds other = new TwoKinds()) {
            SocketHandle foreign = other.file();
            assertFails(WSAEINVAL, () -> hosts.upcalls.wpuModifyIfsHandle(entry, foreign));
        }
    }

    @Test
    void aCreatedHandleIsNoFileHandle() throws Exception {
        SocketHandle created = hosts.handle(null);
        assertFails(WSAEINVAL,
                () -> hosts.upcalls.wpuModifyIfsHandle(hosts.nonIfsEntry.catalogEntryId(), created));
        assertThat(hosts.winsock.providerOf(created)).isEqualTo("nonifs");
    }

    @Test
    void anUnknownCatalogEntryAnswersInvalidAndChangesNothing() throws Exception {
        SocketHandle fresh = unregistered();
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuModifyIfsHandle(4711, fresh));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.providerOf(fresh));
        SocketHandle registered = hosts.file();
        assertFails(WSAEINVAL, () -> hosts.upcalls.wpuModifyIfsHandle(4711, registered));
        assertThat(hosts.winsock.providerOf(registered)).isEqualTo("ifs");
    }

    /** A pass-through layer, which counts the receives that come through it. */
    private static final class CountingLayer extends IfsLayerTable {
        private final AtomicInteger receives = new AtomicInteger();

        CountingLayer(FakeStart start) throws WinsockException {
            super(start);
        }

        @Override
        public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
            receives.incrementAndGet();
            return super.wspRecv(s, buffer, lpResult, lpOverlapped, lpCompletionRoutine, lpThreadId);
        }
    }

    @Test
    void theLastCallerServesTheSocket() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.of("layer", CountingLayer::new);
        try (FakeHost host = new FakeHost()) {
            WsaProtocolInfo entry = host.base(base);
            WsaProtocolInfo chain = host.ifsChain(layer, entry);
            Winsock winsock = host.start();
            SocketHandle s = host.socket(chain);
            assertThat(base.table(IfsTable.class).sockets()).containsExactly(s);
            assertThat(winsock.providerOf(s)).isEqualTo("layer");
            winsock.recv(s, ByteBuffer.allocate(1), 0);
            assertThat(layer.table(CountingLayer.class).receives).hasValue(1);
        }
    }

    @Test
    void fileReadsAndWritesReachTheBasePastTheLayer() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.of("layer", CountingLayer::new);
        try (FakeHost host = new FakeHost()) {
            WsaProtocolInfo chain = host.ifsChain(layer, host.base(base));
            Winsock winsock = host.start();
            SocketHandle s = host.socket(chain);
            FakeSocket socket = base.table(IfsTable.class).socket(s);
            socket.willReceive((byte) 9);
            assertThat(winsock.files().readFile(s, ByteBuffer.allocate(4))).isEqualTo(1);
            assertThat(winsock.files().writeFile(s, ByteBuffer.wrap(new byte[] {8}))).isEqualTo(1);
            assertThat(socket.sent()).containsExactly(8);
            assertThat(layer.table(CountingLayer.class).receives).hasValue(0);
        }
    }
}
