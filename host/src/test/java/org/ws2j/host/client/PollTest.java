package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENETDOWN;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEOPNOTSUPP;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;
import static org.ws2j.spi.WsaPollFd.POLLERR;
import static org.ws2j.spi.WsaPollFd.POLLHUP;
import static org.ws2j.spi.WsaPollFd.POLLIN;
import static org.ws2j.spi.WsaPollFd.POLLNVAL;
import static org.ws2j.spi.WsaPollFd.POLLOUT;
import static org.ws2j.spi.WsaPollFd.POLLPRI;
import static org.ws2j.spi.WsaPollFd.POLLRDNORM;
import static org.ws2j.spi.WsaPollFd.POLLWRBAND;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.IfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.traps.Trap;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaPollData;
import org.ws2j.spi.WsaPollFd;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaThreadId;

/** WSAPoll: the checks of the host, who is asked, and how the answer comes back. */
@Timeout(30)
final class PollTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule base = FakeModule.of("base", PollingTable::new);
    private final WsaProtocolInfo entry;
    private final WsaProtocolInfo datagrams;

    PollTest() throws WinsockException {
        List<WsaProtocolInfo> entries = host.bases(base, FakeHost.tcp(), FakeHost.udp());
        entry = entries.get(0);
        datagrams = entries.get(1);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private PollingTable table() {
        return base.table(PollingTable.class);
    }

    /** The handle below a layer's. */
    private SocketHandle below(SocketHandle s) throws WinsockException {
        return (SocketHandle) base.upcalls().wpuQuerySocketHandleContext(s);
    }

    private static WsaPollFd[] fds(WsaPollFd... fds) {
        return fds;
    }

    @Test
    void theProviderGetsAllEntriesAtOnceWithTheTimeOutAndTheAnswersComeBack() throws Exception {
        Winsock winsock = host.start();
        SocketHandle a = host.socket();
        SocketHandle b = host.socket();
        table().ready(b, POLLOUT);
        WsaPollFd first = new WsaPollFd(a, POLLIN | POLLOUT);
        WsaPollFd second = new WsaPollFd(b, POLLOUT);
        first.revents(POLLHUP);
        winsock.wsaSetLastError(5);
        assertThat(winsock.wsaPoll(fds(first, second), -1)).isEqualTo(1);
        assertThat(first.revents()).as("what was there before is gone").isZero();
        assertThat(second.revents()).isEqualTo(POLLOUT);
        assertThat(table().polls()).hasSize(1);
        WsaPollData asked = table().polls().getFirst();
        assertThat(asked.timeoutMillis()).isEqualTo(-1);
        assertThat(asked.fdArray()).extracting(WsaPollFd::fd).containsExactly(a, b);
        assertThat(asked.fdArray()).extracting(WsaPollFd::events).containsExactly(POLLIN | POLLOUT, POLLOUT);
        assertThat(winsock.wsaGetLastError()).isEqualTo(5);
    }

    @Test
    void nothingReadyAtTheTimeOutIsZero() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        for (int timeout : new int[] {0, 7, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(winsock.wsaPoll(fds(new WsaPollFd(s, POLLIN)), timeout)).isZero();
            assertThat(table().polls().getLast().timeoutMillis()).isEqualTo(timeout);
        }
    }

    @Test
    void anEntryWithoutASocketIsLeftOutAndCleared() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        table().ready(s, POLLRDNORM);
        WsaPollFd out = new WsaPollFd(null, POLLERR | 0x8000);
        out.revents(POLLNVAL);
        assertThat(winsock.wsaPoll(fds(out, new WsaPollFd(s, POLLIN)), 5)).isEqualTo(1);
        assertThat(out.revents()).isZero();
        assertThat(table().polls().getFirst().fdArray()).hasSize(1);
        assertThat(table().polls().getFirst().timeoutMillis()).isEqualTo(5);
    }

    @Test
    void theSameSocketMayStandInSeveralEntries() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        table().ready(s, POLLRDNORM | POLLOUT);
        WsaPollFd in = new WsaPollFd(s, POLLIN);
        WsaPollFd out = new WsaPollFd(s, POLLOUT);
        assertThat(winsock.wsaPoll(fds(in, out), 0)).isEqualTo(2);
        assertThat(in.revents()).isEqualTo(POLLRDNORM);
        assertThat(out.revents()).isEqualTo(POLLOUT);
    }

    @Test
    void whatIsNoOpenSocketIsAnAnswerThatCountsAndNobodyWaits() throws Exception {
        Winsock winsock = host.start();
        SocketHandle open = host.socket();
        SocketHandle ready = host.socket();
        SocketHandle closed = host.socket();
        winsock.closesocket(closed);
        table().ready(ready, POLLOUT);
        WsaPollFd gone = new WsaPollFd(closed, POLLIN);
        WsaPollFd there = new WsaPollFd(ready, POLLOUT);
        assertThat(winsock.wsaPoll(fds(gone, new WsaPollFd(open, POLLIN), there), -1)).isEqualTo(2);
        assertThat(gone.revents()).isEqualTo(POLLNVAL);
        assertThat(there.revents()).isEqualTo(POLLOUT);
        assertThat(table().polls().getFirst().timeoutMillis()).isZero();
        assertThat(table().polls().getFirst().fdArray()).extracting(WsaPollFd::fd).containsExactly(open, ready);
        try (FakeHost other = FakeHost.with(FakeModule.ifs("other"))) {
            WsaPollFd foreign = new WsaPollFd(other.socket(), POLLIN);
            assertThat(winsock.wsaPoll(fds(new WsaPollFd(open, POLLIN), foreign), -1)).isEqualTo(1);
            assertThat(foreign.revents()).isEqualTo(POLLNVAL);
        }
    }

    @Test
    void aSocketThatIsBeingClosedIsAnAnswerThatCounts() throws Exception {
        Winsock winsock = host.start();
        SocketHandle closing = host.socket();
        table().closing(closing);
        WsaPollFd gone = new WsaPollFd(closing, POLLIN);
        assertThat(winsock.wsaPoll(fds(new WsaPollFd(host.socket(), POLLIN), gone), -1)).isEqualTo(1);
        assertThat(gone.revents()).isEqualTo(POLLNVAL);
    }

    @Test
    void entriesOfWhichNoneIsAnOpenSocketAreInvalidAndSayWhy() throws Exception {
        Winsock winsock = host.start();
        SocketHandle closed = host.socket();
        winsock.closesocket(closed);
        WsaPollFd gone = new WsaPollFd(closed, POLLIN);
        assertFails(WSAEINVAL, () -> winsock.wsaPoll(fds(gone, new WsaPollFd(null, POLLIN)), 0));
        assertThat(gone.revents()).isEqualTo(POLLNVAL);
        assertFails(WSAEINVAL, () -> winsock.wsaPoll(fds(new WsaPollFd(null, 0)), 0));
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINVAL.code());
    }

    @Test
    void nullAnswersFaultAndNoEntriesAreInvalid() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        assertFails(WSAEFAULT, () -> winsock.wsaPoll(null, 0));
        assertFails(WSAEFAULT, () -> winsock.wsaPoll(fds(new WsaPollFd(s, POLLIN), null), 0));
        assertFails(WSAEINVAL, () -> winsock.wsaPoll(fds(), 0));
        assertThat(table().polls()).isEmpty();
    }

    @Test
    void whatOnlyAnswersCanSayCannotBeAskedFor() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        for (int bits : new int[] {POLLERR, POLLHUP, POLLNVAL, POLLWRBAND, POLLIN | POLLHUP, 0x800, -1}) {
            assertFails(WSAEINVAL, () -> winsock.wsaPoll(fds(new WsaPollFd(s, bits)), 0));
        }
        assertThat(table().polls()).isEmpty();
        winsock.wsaPoll(fds(new WsaPollFd(s, POLLPRI)), 0);
        assertThat(table().polls()).as("which of the rest there is says the provider").hasSize(1);
    }

    @Test
    void beforeStartUpThereIsNothingToPoll() {
        Winsock winsock = host.build();
        assertFails(WSANOTINITIALISED, () -> winsock.wsaPoll(fds(new WsaPollFd(null, 0)), 0));
    }

    @Test
    @Trap(50)
    void socketsOfLayersMeetInTheirBaseProviderPastTheLayers() throws Exception {
        WsaProtocolInfo one = host.chain(FakeModule.nonIfsLayer("one"), entry);
        WsaProtocolInfo two = host.chain(FakeModule.nonIfsLayer("two"), datagrams);
        Winsock winsock = host.start();
        SocketHandle plain = host.socket(entry);
        SocketHandle first = host.socket(one);
        SocketHandle second = host.socket(two);
        base.tables().forEach(t -> {
            try {
                ((PollingTable) t).ready(below(second), POLLRDNORM);
            } catch (WinsockException e) {
                throw new AssertionError(e);
            }
        });
        WsaPollFd ready = new WsaPollFd(second, POLLIN);
        assertThat(winsock.wsaPoll(fds(new WsaPollFd(plain, POLLIN), new WsaPollFd(first, POLLIN), ready), 3))
                .isEqualTo(1);
        assertThat(ready.revents()).isEqualTo(POLLRDNORM);
        assertThat(ready.fd()).isSameAs(second);
        WsaPollData asked = base.tables().stream()
                .flatMap(t -> ((PollingTable) t).polls().stream())
                .toList()
                .getFirst();
        assertThat(asked.fdArray()).extracting(WsaPollFd::fd).containsExactly(plain, below(first), below(second));
        winsock.closesocket(second);
        assertThat(winsock.wsaPoll(fds(new WsaPollFd(first, POLLIN), ready), -1)).isEqualTo(1);
        assertThat(ready.revents()).isEqualTo(POLLNVAL);
    }

    @Test
    void handlesThatALayerPassesThroughMeetThoseOfTheirBaseProvider() throws Exception {
        WsaProtocolInfo chain = host.ifsChain(FakeModule.of("through", IfsLayerTable::new), entry);
        Winsock winsock = host.start();
        SocketHandle plain = host.socket(entry);
        SocketHandle through = host.socket(chain);
        base.tables().forEach(t -> ((PollingTable) t).ready(through, POLLOUT));
        WsaPollFd ready = new WsaPollFd(through, POLLOUT);
        assertThat(winsock.wsaPoll(fds(new WsaPollFd(plain, POLLOUT), ready), 0)).isEqualTo(1);
        assertThat(winsock.wsaPoll(fds(ready), 0)).isEqualTo(1);
        assertThat(ready.revents()).isEqualTo(POLLOUT);
    }

    @Test
    @Trap(50)
    void aLayerThatClaimsPollGetsItBackWithItsOwnHandles() throws Exception {
        FakeModule claiming = FakeModule.of(
                "claiming", start -> new ClaimingLayer(start, true, IoctlCode.SIO_BSP_HANDLE_POLL));
        WsaProtocolInfo chain = host.chain(claiming, entry);
        Winsock winsock = host.start();
        SocketHandle a = host.socket(chain);
        SocketHandle b = host.socket(chain);
        WsaPollFd first = new WsaPollFd(a, POLLIN);
        assertThat(winsock.wsaPoll(fds(first, new WsaPollFd(b, POLLIN)), 9)).isEqualTo(1);
        assertThat(first.revents()).isEqualTo(POLLIN);
        WsaPollData data = (WsaPollData) claiming.table(ClaimingLayer.class).extended.getFirst().in();
        assertThat(data.fdArray()).extracting(WsaPollFd::fd).containsExactly(a, b);
        assertThat(data.timeoutMillis()).isEqualTo(9);
        SocketHandle plain = host.socket(entry);
        assertFails(WSAEINVAL, () -> winsock.wsaPoll(fds(first, new WsaPollFd(plain, POLLIN)), 0));
    }

    @Test
    void socketsOfTwoBaseProvidersAreInvalidTogether() throws Exception {
        WsaProtocolInfo other = host.base(FakeModule.of("other", PollingTable::new));
        Winsock winsock = host.start();
        SocketHandle a = host.socket(entry);
        SocketHandle b = host.socket(other);
        assertFails(WSAEINVAL, () -> winsock.wsaPoll(fds(new WsaPollFd(a, POLLIN), new WsaPollFd(b, POLLIN)), 0));
        assertThat(table().polls()).isEmpty();
    }

    @Test
    void aProviderThatCannotPollSaysSo() throws Exception {
        WsaProtocolInfo silent = host.base(FakeModule.nonIfs("silent"));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(silent);
        assertFails(WSAEOPNOTSUPP, () -> winsock.wsaPoll(fds(new WsaPollFd(s, POLLIN)), 0));
    }

    @Test
    void closingAPolledSocketOnAnotherThreadEndsThePollWithNotValid() throws Exception {
        Winsock winsock = host.start();
        SocketHandle s = host.socket();
        SocketHandle other = host.socket();
        CountDownLatch waits = table().waitForCloses();
        WsaPollFd closing = new WsaPollFd(s, POLLIN);
        TestThreads.Running<Integer> polling =
                TestThreads.start(() -> winsock.wsaPoll(fds(new WsaPollFd(other, POLLIN), closing), -1));
        waits.await();
        winsock.closesocket(s);
        assertThat(polling.get()).isEqualTo(1);
        assertThat(closing.revents()).isEqualTo(POLLNVAL);
    }

    /** A base provider in which one socket is closed at the moment when its first poll arrives. */
    private FakeModule closingFirst(Runnable atPoll) {
        return FakeModule.of("closing", start -> new NonIfsTable(start) {
            private boolean asked;

            @Override
            public long wspIoctl(SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                if (code != IoctlCode.SIO_EXT_POLL) {
                    throw new WinsockException(WSAEOPNOTSUPP);
                }
                if (!asked) {
                    asked = true;
                    atPoll.run();
                    throw new WinsockException(WSAENOTSOCK);
                }
                ((WsaPollData) in).fdArray()[0].revents(POLLOUT);
                return 0;
            }
        });
    }

    @Test
    void aSocketThatIsClosedBeforeTheProviderSeesItIsNotValidAndTheOthersAreAsked() throws Exception {
        SocketHandle[] sockets = new SocketHandle[2];
        WsaProtocolInfo closing = host.base(closingFirst(() -> closeQuietly(sockets[0])));
        Winsock winsock = host.start();
        sockets[0] = host.socket(closing);
        sockets[1] = host.socket(closing);
        WsaPollFd gone = new WsaPollFd(sockets[0], POLLIN);
        WsaPollFd there = new WsaPollFd(sockets[1], POLLOUT);
        assertThat(winsock.wsaPoll(fds(gone, there), -1)).isEqualTo(2);
        assertThat(gone.revents()).isEqualTo(POLLNVAL);
        assertThat(there.revents()).isEqualTo(POLLOUT);
    }

    @Test
    void theOnlySocketMayBeClosedBeforeTheProviderSeesIt() throws Exception {
        SocketHandle[] sockets = new SocketHandle[1];
        WsaProtocolInfo closing = host.base(closingFirst(() -> closeQuietly(sockets[0])));
        Winsock winsock = host.start();
        sockets[0] = host.socket(closing);
        WsaPollFd gone = new WsaPollFd(sockets[0], POLLIN);
        assertThat(winsock.wsaPoll(fds(gone), -1)).isEqualTo(1);
        assertThat(gone.revents()).isEqualTo(POLLNVAL);
    }

    private void closeQuietly(SocketHandle s) {
        try {
            host.winsock().closesocket(s);
        } catch (WinsockException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Trap(51)
    void whatTheProviderThrowsOrReturnsWronglyReachesTheClient() throws Exception {
        Throwable[] outcomes = {null, new WinsockException(WSAENETDOWN), new IllegalStateException("bad")};
        for (Throwable thrown : outcomes) {
            FakeModule odd = FakeModule.of("odd", start -> new NonIfsTable(start) {
                @Override
                public long wspIoctl(SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped overlapped,
                        WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                    if (code != IoctlCode.SIO_EXT_POLL) {
                        throw new WinsockException(WSAEOPNOTSUPP);
                    }
                    if (thrown instanceof WinsockException answer) {
                        throw answer;
                    }
                    if (thrown instanceof IllegalStateException bad) {
                        throw bad;
                    }
                    return 1;
                }
            });
            try (FakeHost other = FakeHost.with(odd)) {
                WsaPollFd fd = new WsaPollFd(other.socket(), POLLIN);
                assertFails(
                        thrown instanceof WinsockException ? WSAENETDOWN : WSASYSCALLFAILURE,
                        () -> other.winsock().wsaPoll(fds(fd), 0));
            }
        }
    }
}
