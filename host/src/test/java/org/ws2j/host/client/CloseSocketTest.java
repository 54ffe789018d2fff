package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEWOULDBLOCK;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** closesocket: who may close, and what stays open. */
@Timeout(30)
final class CloseSocketTest {
    private final FakeHost host = new FakeHost();

    CloseSocketTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aCloseThatWouldBlockKeepsTheHandleOpen() throws Exception {
        for (boolean ifs : new boolean[] {false, true}) {
            AtomicBoolean lingering = new AtomicBoolean(true);
            FakeModule module = FakeModule.of("lingering", start -> ifs ? new IfsTable(start) {
                @Override
                public void wspCloseSocket(SocketHandle s) throws WinsockException {
                    refuse(lingering);
                    super.wspCloseSocket(s);
                }
            } : new NonIfsTable(start) {
                @Override
                public void wspCloseSocket(SocketHandle s) throws WinsockException {
                    refuse(lingering);
                    super.wspCloseSocket(s);
                }
            });
            try (FakeHost one = FakeHost.with(module)) {
                Winsock winsock = one.winsock();
                SocketHandle s = one.socket();
                assertFails(WSAEWOULDBLOCK, () -> winsock.closesocket(s));
                assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEWOULDBLOCK.code());
                assertThat(winsock.send(s, ByteBuffer.allocate(1), 0)).isEqualTo(1);
                lingering.set(false);
                winsock.closesocket(s);
                assertFails(WSAENOTSOCK, () -> winsock.send(s, ByteBuffer.allocate(1), 0));
                assertThat(winsock.openHandles().isEmpty()).isTrue();
            }
        }
    }

    private static void refuse(AtomicBoolean lingering) throws WinsockException {
        if (lingering.get()) {
            throw new WinsockException(WSAEWOULDBLOCK);
        }
    }

    @Test
    void exactlyOneOfConcurrentClosersWins() throws Exception {
        AtomicInteger closes = new AtomicInteger();
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                closes.incrementAndGet();
                super.wspCloseSocket(s);
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        int rounds = 200;
        for (int i = 0; i < rounds; i++) {
            SocketHandle s = host.socket();
            CyclicBarrier together = new CyclicBarrier(3);
            List<Running<Boolean>> closers = new ArrayList<>();
            for (int n = 0; n < 3; n++) {
                closers.add(TestThreads.startVirtual(() -> {
                    together.await();
                    try {
                        winsock.closesocket(s);
                        return true;
                    } catch (WinsockException e) {
                        assertThat(e.is(WSAENOTSOCK)).isTrue();
                        return false;
                    }
                }));
            }
            int winners = 0;
            for (Running<Boolean> closer : closers) {
                winners += closer.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
        assertThat(closes).hasValue(rounds);
    }

    @Test
    void whileTheProviderClosesTheSocketIsNobodysAnyMore() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                closing.countDown();
                ProviderStartTest.await(goOn);
                super.wspCloseSocket(s);
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        Running<Object> closer = TestThreads.start(() -> {
            winsock.closesocket(s);
            return null;
        });
        closing.await();
        assertFails(WSAENOTSOCK, () -> winsock.closesocket(s));
        assertFails(WSAENOTSOCK, () -> winsock.send(s, ByteBuffer.allocate(1), 0));
        assertThat(module.upcalls().wpuQuerySocketHandleContext(s)).isInstanceOf(FakeSocket.class);
        goOn.countDown();
        closer.get();
    }

    @Test
    void aProviderThatBreaksInItsCloseLeavesTheSocketOpen() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspCloseSocket(SocketHandle s) throws WinsockException {
                if (broken.getAndSet(false)) {
                    throw new IllegalStateException("broken");
                }
                super.wspCloseSocket(s);
            }
        });
        host.base(module);
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        assertFails(WSASYSCALLFAILURE, () -> winsock.closesocket(s));
        winsock.closesocket(s);
        assertThat(winsock.openHandles().sockets()).isZero();
    }

    @Test
    void whatIsOpenTellsTheApplicationsSocketsFromThoseBetweenTwoLayers() throws Exception {
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), host.base(FakeModule.ifs("base")));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(chain);
        assertThat(winsock.openHandles().details()).hasSize(2)
                .filteredOn(line -> line.endsWith(", an application's"))
                .singleElement()
                .asString()
                .startsWith(s + ", of ");
    }
}
