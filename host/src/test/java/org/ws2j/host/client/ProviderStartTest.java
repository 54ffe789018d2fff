package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSAEINVALIDPROVIDER;
import static org.ws2j.spi.WsaError.WSAEPROCLIM;
import static org.ws2j.spi.WsaError.WSAEPROVIDERFAILEDINIT;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;
import static org.ws2j.spi.WsaError.WSASYSNOTREADY;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeStart;
import org.ws2j.host.fake.IfsTable;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.AddressFamily;
import org.ws2j.spi.IpProtocol;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketType;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspStartup;

/** WSPStartup as the host calls it: once for each GUID, when a socket first needs it. */
@Timeout(30)
final class ProviderStartTest {
    private final FakeHost host = new FakeHost();

    ProviderStartTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void aProviderIsLoadedAndStartedWhenASocketFirstNeedsIt() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        WsaProtocolInfo entry = host.base(module);
        host.start();
        assertThat(module.loads()).isZero();
        host.socket(entry);
        host.socket(entry);
        assertThat(module.loads()).isEqualTo(1);
        FakeStart start = module.starts().getFirst();
        assertThat(module.starts()).containsExactly(start);
        assertThat(start.requested()).isEqualTo(WinsockVersion.V2_2);
        assertThat(start.info()).isEqualTo(entry);
    }

    @Test
    void entriesOfOneGuidShareAStartAndThoseOfOneModuleDoNot() throws Exception {
        FakeModule module = FakeModule.nonIfs("base");
        List<WsaProtocolInfo> first = host.bases(module, FakeHost.tcp(), FakeHost.udp());
        List<WsaProtocolInfo> second =
                host.catalog().wscInstallProvider(UUID.randomUUID(), module.path(), List.of(FakeHost.tcp()), Map.of());
        host.start();
        host.socket(first.get(1));
        host.socket(first.get(0));
        assertThat(module.starts()).extracting(FakeStart::info).containsExactly(first.get(1));
        host.socket(second.getFirst());
        assertThat(module.starts()).hasSize(2);
        assertThat(module.loads()).isEqualTo(1);
        assertThat(module.starts().get(0).upcalls()).isSameAs(module.starts().get(1).upcalls());
    }

    @Test
    void threadsThatNeedAProviderAtOnceShareItsStart() throws Exception {
        CountDownLatch inStart = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeModule slow = FakeModule.of("slow", start -> {
            inStart.countDown();
            await(goOn);
            return new NonIfsTable(start);
        });
        WsaProtocolInfo entry = host.base(slow);
        WsaProtocolInfo other = host.base(FakeModule.nonIfs("other"), FakeHost.udp());
        Winsock winsock = host.start();
        Running<SocketHandle> first = TestThreads.start(() -> host.socket(entry));
        inStart.await();
        Running<SocketHandle> second = TestThreads.start(() -> host.socket(entry));
        // Who needs another provider does not wait.
        assertThat(winsock.providerOf(host.socket(other))).isEqualTo("other");
        while (second.thread().getState() != Thread.State.WAITING) {
            assertThat(second.isDone()).isFalse();
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertThat(winsock.providerOf(first.get())).isEqualTo("slow");
        assertThat(winsock.providerOf(second.get())).isEqualTo("slow");
        assertThat(slow.starts()).hasSize(1);
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStartThatFailsWhileAnotherThreadWaitsIsTriedByThatThread() throws Exception {
        CountDownLatch inStart = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        FakeModule flaky = FakeModule.of("flaky", start -> {
            if (tries.incrementAndGet() == 1) {
                inStart.countDown();
                await(goOn);
                throw new WinsockException(WSASYSNOTREADY);
            }
            return new NonIfsTable(start);
        });
        WsaProtocolInfo entry = host.base(flaky);
        host.start();
        Running<SocketHandle> first = TestThreads.start(() -> host.socket(entry));
        inStart.await();
        Running<SocketHandle> second = TestThreads.start(() -> host.socket(entry));
        while (second.thread().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertThatThrownBy(first::get).hasCauseInstanceOf(WinsockException.class);
        assertThat(second.get()).isNotNull();
        assertThat(tries).hasValue(2);
    }

    @Test
    void aProviderThatOpensASocketWhileItStartsGetsOneOfAnotherEntry() throws Exception {
        AtomicReference<Winsock> winsock = new AtomicReference<>();
        AtomicReference<SocketHandle> inner = new AtomicReference<>();
        WsaProtocolInfo below = host.base(FakeModule.ifs("below"));
        FakeModule layer = FakeModule.of("layer", start -> {
            inner.set(winsock.get().socket(AddressFamily.AF_INET, SocketType.SOCK_STREAM, IpProtocol.IPPROTO_TCP));
            assertFails(WSAEINPROGRESS, () -> host.socket(start.info()));
            return new NonIfsLayerTable(start);
        });
        WsaProtocolInfo chain = host.chain(layer, below);
        winsock.set(host.start());
        SocketHandle s = host.socket(chain);
        assertThat(host.winsock().providerOf(s)).isEqualTo("layer");
        assertThat(host.winsock().providerOf(inner.get())).isEqualTo("below");
        assertThat(layer.starts()).hasSize(1);
    }

    @Test
    void whyAStartFailedIsInTheCauseAndTheNextSocketTriesAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        FakeModule flaky = FakeModule.of("flaky", start -> switch (tries.incrementAndGet()) {
            case 1 -> throw new WinsockException(WSAEPROCLIM, "too many");
            case 2 -> throw new IllegalStateException("broken");
            default -> new NonIfsTable(start);
        });
        WsaProtocolInfo entry = host.base(flaky);
        Winsock winsock = host.start();
        WinsockException first = catchThrowableOfType(WinsockException.class, () -> host.socket(entry));
        assertThat(first.is(WSAEPROVIDERFAILEDINIT)).isTrue();
        assertThat(((WinsockException) first.getCause()).is(WSAEPROCLIM)).isTrue();
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEPROVIDERFAILEDINIT.code());
        WinsockException second = catchThrowableOfType(WinsockException.class, () -> host.socket(entry));
        assertThat(second.is(WSAEPROVIDERFAILEDINIT)).isTrue();
        assertThat(second).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(winsock.providerOf(host.socket(entry))).isEqualTo("flaky");
        winsock.wsaCleanup();
        assertThat(flaky.table(NonIfsTable.class).cleanups()).isEqualTo(1);
    }

    @Test
    void anotherVersionThanTheHostsIsRefusedAfterACleanUp() throws Exception {
        AtomicInteger cleanups = new AtomicInteger();
        for (WinsockVersion version : List.of(new WinsockVersion(2, 0), new WinsockVersion(2, 1), WinsockVersion.V1_1,
                new WinsockVersion(3, 0))) {
            FakeModule old = FakeModule.starting("old" + version, start -> new WspStartup(
                    new WspData(version, version, "old"), new NonIfsTable(start) {
                        @Override
                        public void wspCleanup() {
                            cleanups.incrementAndGet();
                        }
                    }));
            host.base(old);
        }
        Winsock winsock = host.start();
        for (WsaProtocolInfo entry : winsock.wsaEnumProtocols()) {
            assertFails(WSAEINVALIDPROVIDER, () -> host.socket(entry));
        }
        assertThat(cleanups).hasValue(4);
        winsock.wsaCleanup();
        assertThat(cleanups).hasValue(4);
    }

    @Test
    void aModuleThatCannotBeLoadedHasFailedToInitialise() throws Exception {
        WsaProtocolInfo missing = host.catalog().wscInstallProvider(
                UUID.randomUUID(), "builtin:missing", List.of(FakeHost.tcp()), Map.of()).getFirst();
        host.start();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(missing));
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.winsock().services().catalog().loadProvider("builtin:missing"));
    }

    @Test
    void aSocketOfABaseProviderItselfIsServedByTheInstanceThatTheHostStarted() throws Exception {
        List<Object> called = new CopyOnWriteArrayList<>();
        FakeModule base = FakeModule.of("base", start -> new IfsTable(start) {
            @Override
            public void wspShutdown(SocketHandle s, int how) {
                called.add(this);
            }
        });
        WsaProtocolInfo baseEntry = host.base(base);
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), baseEntry);
        Winsock winsock = host.start();
        SocketHandle layered = host.socket(chain);
        SocketHandle plain = host.socket(baseEntry);
        winsock.shutdown(plain, ShutdownHow.SD_SEND);
        winsock.shutdown(layered, ShutdownHow.SD_SEND);
        assertThat(called).containsExactly(base.tables().get(1), base.tables().get(0));
    }

    @Test
    void aStartThatTheLastCleanUpOvertakesIsCleanedUpToo() throws Exception {
        CountDownLatch inStart = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeModule slow = FakeModule.of("slow", start -> {
            inStart.countDown();
            await(goOn);
            return new NonIfsTable(start);
        });
        WsaProtocolInfo entry = host.base(slow);
        Winsock winsock = host.start();
        Running<SocketHandle> late = TestThreads.start(() -> host.socket(entry));
        inStart.await();
        winsock.wsaCleanup();
        goOn.countDown();
        assertThatThrownBy(late::get).cause().isInstanceOfSatisfying(
                WinsockException.class, e -> assertThat(e.is(WSANOTINITIALISED)).isTrue());
        assertThat(slow.table(NonIfsTable.class).cleanups()).isEqualTo(1);
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertThat(winsock.providerOf(host.socket(entry))).isEqualTo("slow");
        assertThat(slow.starts()).hasSize(2);
    }
}
