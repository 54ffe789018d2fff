package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAENETDOWN;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEWOULDBLOCK;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** The states of a handle: open, closed by its client, released. */
@Timeout(30)
final class HandleStatesTest {
    private final TwoKinds hosts;

    HandleStatesTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private void assertNoSocketToItsClient(SocketHandle s) {
        Winsock winsock = hosts.winsock;
        assertFails(WSAENOTSOCK, () -> winsock.recv(s, ByteBuffer.allocate(1), 0));
        assertFails(WSAENOTSOCK, () -> winsock.send(s, ByteBuffer.allocate(1), 0));
        assertFails(WSAENOTSOCK, () -> winsock.getsockname(s));
        assertFails(WSAENOTSOCK, () -> winsock.files().readFile(s, ByteBuffer.allocate(1)));
        assertFails(WSAENOTSOCK, () -> winsock.files().writeFile(s, ByteBuffer.allocate(1)));
        assertFails(WSAENOTSOCK, () -> winsock.channel(s));
        assertFails(WSAENOTSOCK, () -> winsock.closesocket(s));
        assertFails(WSAENOTSOCK, () -> winsock.providerOf(s));
    }

    @Test
    void aCreatedHandleThatItsClientHasClosedGoesOnForItsOwner() throws Exception {
        hosts.nonIfsTable.releaseLate();
        SocketHandle s = hosts.created();
        FakeSocket context = hosts.nonIfsTable.socket(s);
        hosts.winsock.closesocket(s);
        assertNoSocketToItsClient(s);
        assertThat(hosts.upcalls.wpuQuerySocketHandleContext(s)).isSameAs(context);
        assertThat(hosts.winsock.openHandles().sockets()).isEqualTo(1);
        hosts.upcalls.wpuCloseSocketHandle(s);
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void theOwnersUpcallsWorkWhileItClosesTheSocket() throws Exception {
        SocketHandle s = hosts.created();
        hosts.winsock.closesocket(s);
        assertNoSocketToItsClient(s);
        assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuCloseSocketHandle(s));
    }

    @Test
    void theOwnerMayReleaseAnOpenHandle() throws Exception {
        SocketHandle s = hosts.created();
        hosts.upcalls.wpuCloseSocketHandle(s);
        assertNoSocketToItsClient(s);
    }

    @Test
    void anIfsHandleIsReleasedWhenItsProviderHasClosedTheSocket() throws Exception {
        hosts.ifsTable.releaseLate();
        SocketHandle s = hosts.file();
        FakeSocket socket = hosts.ifsTable.socket(s);
        hosts.winsock.closesocket(s);
        assertNoSocketToItsClient(s);
        assertFails(WSAENOTSOCK, () -> hosts.winsock.files().fileObject(s));
        assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.files().closeHandle(s));
        assertThat(socket.closes()).isEqualTo(1);
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void anIfsHandleThatItsProviderClosesItselfIsReleasedOnce() throws Exception {
        SocketHandle s = hosts.file();
        FakeSocket socket = hosts.ifsTable.socket(s);
        hosts.winsock.closesocket(s);
        assertThat(socket.closes()).isEqualTo(1);
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void anIfsHandleIsReleasedWhenALayerClosesTheHandlesBelowIt() throws Exception {
        FakeModule base = FakeModule.ifs("base");
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        try (FakeHost host = new FakeHost()) {
            host.chain(layer, host.base(base));
            Winsock winsock = host.start();
            SocketHandle upper = host.socket();
            SocketHandle below = base.table(IfsTable.class).sockets().getFirst();
            assertThat(winsock.openHandles().sockets()).isEqualTo(2);
            winsock.closesocket(upper);
            assertFails(WSAENOTSOCK, () -> winsock.files().fileObject(below));
            assertThat(winsock.openHandles().sockets()).isZero();
        }
    }

    @Test
    void theSystemsCloseReleasesAnIfsHandleUnderItsClient() throws Exception {
        SocketHandle s = hosts.file();
        FakeSocket socket = hosts.ifsTable.socket(s);
        hosts.winsock.files().closeHandle(s);
        assertNoSocketToItsClient(s);
        assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.files().closeHandle(s));
        assertThat(socket.closes()).isEqualTo(1);
    }

    @Test
    void theSystemsCloseRefusesWhatIsNoFileHandle() throws Exception {
        SocketHandle created = hosts.created();
        assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.files().closeHandle(created));
        assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.files().closeHandle(null));
        assertThat(hosts.winsock.recv(created, ByteBuffer.allocate(1), 0)).isZero();
        try (TwoKinds other = new TwoKinds()) {
            SocketHandle foreign = other.file();
            assertFails(WSA_INVALID_HANDLE, () -> hosts.winsock.files().closeHandle(foreign));
            assertThat(other.winsock.recv(foreign, ByteBuffer.allocate(1), 0)).isZero();
        }
    }

    @Test
    void aCloseThatTheProviderRefusesLeavesTheSocketOpen() throws Exception {
        for (WsaError refusal : new WsaError[] {WSAEWOULDBLOCK, WSAENETDOWN}) {
            FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
                private boolean refused;

                @Override
                public void wspCloseSocket(SocketHandle s) throws WinsockException {
                    if (!refused) {
                        refused = true;
                        throw new WinsockException(refusal);
                    }
                    super.wspCloseSocket(s);
                }
            });
            try (FakeHost host = FakeHost.with(module)) {
                SocketHandle s = host.socket();
                assertFails(refusal, () -> host.winsock().closesocket(s));
                assertThat(host.winsock().recv(s, ByteBuffer.allocate(1), 0)).isZero();
                host.winsock().closesocket(s);
                assertThat(host.winsock().openHandles().isEmpty()).isTrue();
            }
        }
    }

    @Test
    void whileOneThreadClosesASocketItIsNoneToTheOthers() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                closing.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                super.wspCloseSocket(s);
            }
        });
        try (FakeHost host = FakeHost.with(module)) {
            SocketHandle s = host.socket();
            Running<Void> closer = TestThreads.start(() -> {
                host.winsock().closesocket(s);
                return null;
            });
            closing.await();
            assertFails(WSAENOTSOCK, () -> host.winsock().closesocket(s));
            assertFails(WSAENOTSOCK, () -> host.winsock().recv(s, ByteBuffer.allocate(1), 0));
            assertThat(module.upcalls().wpuQuerySocketHandleContext(s)).isInstanceOf(FakeSocket.class);
            goOn.countDown();
            closer.get();
        }
    }

    @Test
    void theLastCleanupReleasesWhatProvidersHaveLeft() throws Exception {
        SocketHandle created = hosts.created();
        SocketHandle file = hosts.file();
        FakeSocket behind = hosts.ifsTable.socket(file);
        SocketHandle unregistered = hosts.winsock.files().createFileHandle(new FakeSocket(hosts.ifsEntry, 0));
        hosts.winsock.wsaCleanup();
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
        assertThat(behind.closes()).isEqualTo(1);
        hosts.winsock.wsaStartup(WinsockVersion.V2_2);
        Upcalls upcalls = hosts.upcalls;
        assertFails(WSAENOTSOCK, () -> upcalls.wpuQuerySocketHandleContext(created));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.files().fileObject(file));
        assertFails(WSAENOTSOCK, () -> hosts.winsock.files().fileObject(unregistered));
    }
}
