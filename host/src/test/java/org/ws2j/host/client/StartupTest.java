package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;
import static org.ws2j.spi.WsaError.WSAVERNOTSUPPORTED;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ws2j.host.Winsock;
import org.ws2j.host.WsaData;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** WSAStartup and WSACleanup: versions, counts, and what works outside of them. */
@Timeout(30)
final class StartupTest {
    private final FakeHost host = new FakeHost();

    StartupTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @ParameterizedTest
    @CsvSource({
            "1.0, 1.0", "1.1, 1.1", "1.2, 1.1", "1.255, 1.1",
            "2.0, 2.0", "2.1, 2.1", "2.2, 2.2", "2.3, 2.2", "2.255, 2.2",
            "3.0, 2.2", "3.1, 2.2", "255.255, 2.2"})
    void theHighestVersionNotAboveTheOneRequestedIsNegotiated(String requested, String negotiated) throws Exception {
        WsaData data = host.build().wsaStartup(version(requested));
        assertThat(data.version()).isEqualTo(version(negotiated));
        assertThat(data.highVersion()).isEqualTo(WinsockVersion.V2_2);
    }

    private static WinsockVersion version(String text) {
        int dot = text.indexOf('.');
        return new WinsockVersion(
                Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @ParameterizedTest
    @CsvSource({"0.0", "0.9", "0.255"})
    void aVersionBelowTheLowestIsNotSupportedAndStartsNothing(String requested) {
        Winsock winsock = host.build();
        assertFails(WSAVERNOTSUPPORTED, () -> winsock.wsaStartup(version(requested)));
        assertFails(WSANOTINITIALISED, winsock::wsaEnumProtocols);
        assertFails(WSANOTINITIALISED, winsock::wsaCleanup);
    }

    @Test
    void aNullVersionIsAFault() {
        assertFails(WSAEFAULT, () -> host.build().wsaStartup(null));
    }

    @Test
    void aFailedStartUpLeavesTheLastErrorAlone() {
        Winsock winsock = host.build();
        winsock.wsaSetLastError(17);
        assertFails(WSAVERNOTSUPPORTED, () -> winsock.wsaStartup(new WinsockVersion(0, 1)));
        assertThat(winsock.wsaGetLastError()).isEqualTo(17);
    }

    @Test
    void onlyTheLastCleanUpActs() throws Exception {
        FakeModule base = FakeModule.nonIfs("base");
        host.base(base);
        Winsock winsock = host.start();
        winsock.wsaStartup(WinsockVersion.V1_1);
        winsock.wsaStartup(new WinsockVersion(2, 0));
        SocketHandle s = host.socket();
        winsock.wsaCleanup();
        winsock.wsaCleanup();
        assertThat(winsock.providerOf(s)).isEqualTo("base");
        assertThat(base.table(NonIfsTable.class).cleanups()).isZero();
        winsock.wsaCleanup();
        assertThat(base.table(NonIfsTable.class).cleanups()).isEqualTo(1);
        assertFails(WSANOTINITIALISED, () -> winsock.providerOf(s));
    }

    @Test
    void oneCleanUpTooManyIsNotInitialised() throws Exception {
        Winsock winsock = host.start();
        winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, winsock::wsaCleanup);
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSANOTINITIALISED.code());
    }

    @Test
    void outsideOfThemTheClientsFunctionsAreNotInitialised() throws Exception {
        host.base(FakeModule.nonIfs("base"));
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        WsaProtocolInfo entry = winsock.wsaEnumProtocols().getFirst();
        winsock.wsaCleanup();
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertFails(WSANOTINITIALISED, () -> winsock.socket(0, 0, 0));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaSocket(0, 0, 0, entry, 0, 0));
        assertFails(WSANOTINITIALISED, () -> winsock.closesocket(s));
        assertFails(WSANOTINITIALISED, () -> winsock.send(s, buffer, 0));
        assertFails(WSANOTINITIALISED, () -> winsock.recv(s, buffer, 0));
        assertFails(WSANOTINITIALISED, () -> winsock.select(FdSet.of(s), null, null, Timeval.POLL));
        assertFails(WSANOTINITIALISED, () -> winsock.accept(s, null));
        assertFails(WSANOTINITIALISED, () -> winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_TYPE));
        assertFails(WSANOTINITIALISED, () -> winsock.getsockopt(s, SocketOption.SOL_SOCKET, SocketOption.SO_OPENTYPE));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaIoctl(s, IoctlCode.FIONREAD, null, null, null, null));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaEnumProtocols());
        assertFails(WSANOTINITIALISED, winsock::wsaCreateEvent);
        assertFails(WSANOTINITIALISED, () -> winsock.wsaProviderConfigChange(null, null, null));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaSetBlockingHook(() -> false));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaAddressToString(new InetSocketAddress(1), null));
        assertFails(WSANOTINITIALISED, () -> winsock.wsaDuplicateSocket(s, 1));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSANOTINITIALISED.code());
        assertThat(winsock.catalog().wscEnumProtocols()).hasSize(1);
    }

    @Test
    void theLastErrorSurvivesTheLastCleanUp() throws Exception {
        Winsock winsock = host.start();
        winsock.wsaSetLastError(4711);
        winsock.wsaCleanup();
        assertThat(winsock.wsaGetLastError()).isEqualTo(4711);
    }

    @Test
    void theCatalogIsSeenAsItWasAtTheFirstStartUp() throws Exception {
        host.base(FakeModule.nonIfs("base"));
        Winsock winsock = host.start();
        host.catalog().wscInstallProvider(UUID.randomUUID(), "builtin:other", List.of(FakeHost.udp()), Map.of());
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertThat(winsock.wsaEnumProtocols()).hasSize(1);
        winsock.wsaCleanup();
        winsock.wsaCleanup();
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertThat(winsock.wsaEnumProtocols()).hasSize(2);
    }

    @Test
    void concurrentStartUpsAndCleanUpsAreCounted() throws Exception {
        Winsock winsock = host.start();
        CyclicBarrier together = new CyclicBarrier(4);
        List<Running<Object>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(TestThreads.start(() -> {
                together.await();
                for (int n = 0; n < 200; n++) {
                    winsock.wsaStartup(WinsockVersion.V2_2);
                    winsock.wsaCleanup();
                }
                return null;
            }));
        }
        for (Running<Object> thread : threads) {
            thread.get();
        }
        assertThat(winsock.wsaEnumProtocols()).isEmpty();
        winsock.wsaCleanup();
        assertFails(WSANOTINITIALISED, winsock::wsaEnumProtocols);
    }

    @Test
    void closingTheHostMakesAllCleanUpsThatAreDue() throws Exception {
        FakeModule base = FakeModule.nonIfs("base");
        host.base(base);
        Winsock winsock = host.start();
        winsock.wsaStartup(WinsockVersion.V2_2);
        host.socket();
        winsock.close();
        winsock.close();
        assertThat(base.table(NonIfsTable.class).cleanups()).isEqualTo(1);
        assertThat(winsock.openHandles().isEmpty()).isTrue();
    }
}
