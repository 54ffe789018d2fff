package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEOPNOTSUPP;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.host.traps.SelectingTable;
import org.ws2j.host.traps.Trap;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WsaSelectData;
import org.ws2j.spi.WsaThreadId;

/** select: the checks of the host, and who is asked. */
@Timeout(30)
final class SelectTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule base = FakeModule.of("base", SelectingTable::new);
    private final WsaProtocolInfo entry;
    private final WsaProtocolInfo datagrams;

    SelectTest() throws WinsockException {
        List<WsaProtocolInfo> entries = host.bases(base, FakeHost.tcp(), FakeHost.udp());
        entry = entries.get(0);
        datagrams = entries.get(1);
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void setsWithoutASocketAreInvalid() throws Exception {
        Winsock winsock = host.start();
        host.socket();
        assertFails(WSAEINVAL, () -> winsock.select(null, null, null, Timeval.POLL));
        assertFails(WSAEINVAL, () -> winsock.select(new FdSet(), null, new FdSet(0), Timeval.POLL));
        assertThat(base.table(SelectingTable.class).selects()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"-1,0", "0,-1", "0,1000000", "5,-5"})
    void aTimeOutOutOfRangeIsInvalid(int seconds, int microseconds) throws Exception {
        Winsock winsock = host.start();
        FdSet set = FdSet.of(host.socket());
        assertFails(WSAEINVAL, () -> winsock.select(set, null, null, new Timeval(seconds, microseconds)));
        assertThat(base.table(SelectingTable.class).selects()).isZero();
        assertThat(set.fdCount()).isEqualTo(1);
    }

    @Test
    void theTimeOutGoesThroughAsItIs() throws Exception {
        List<Optional<Timeval>> asked = new CopyOnWriteArrayList<>();
        FakeModule waiting = FakeModule.of("waiting", start -> new NonIfsTable(start) {
            @Override
            public int wspSelect(FdSet read, FdSet write, FdSet except, Timeval timeout) {
                asked.add(Optional.ofNullable(timeout));
                return 0;
            }
        });
        WsaProtocolInfo other = host.base(waiting);
        Winsock winsock = host.start();
        SocketHandle s = host.socket(other);
        Timeval most = new Timeval(Integer.MAX_VALUE, 999_999);
        winsock.select(FdSet.of(s), null, null, null);
        winsock.select(null, FdSet.of(s), null, most);
        winsock.select(null, null, FdSet.of(s), Timeval.POLL);
        assertThat(asked).containsExactly(Optional.empty(), Optional.of(most), Optional.of(Timeval.POLL));
    }

    @Test
    void aMemberThatIsClosedIsNoSocketAndTheSetsStay() throws Exception {
        Winsock winsock = host.start();
        SocketHandle open = host.socket();
        SocketHandle closed = host.socket();
        base.table(SelectingTable.class).ready(open);
        winsock.closesocket(closed);
        FdSet read = FdSet.of(open, closed);
        assertFails(WSAENOTSOCK, () -> winsock.select(read, null, null, Timeval.POLL));
        assertFails(WSAENOTSOCK, () -> winsock.select(FdSet.of(open), null, FdSet.of(closed), Timeval.POLL));
        assertThat(read.fdCount()).isEqualTo(2);
        assertThat(winsock.wsaGetLastError()).isEqualTo(WSAENOTSOCK.code());
    }

    @Test
    void aSocketThatIsReadyInTwoSetsCountsTwice() throws Exception {
        Winsock winsock = host.start();
        SocketHandle ready = host.socket();
        SocketHandle other = host.socket();
        base.table(SelectingTable.class).ready(ready);
        FdSet read = FdSet.of(other, ready);
        FdSet write = FdSet.of(ready);
        FdSet except = FdSet.of(other);
        assertThat(winsock.select(read, write, except, null)).isEqualTo(2);
        assertThat(read.fdIsSet(ready)).isTrue();
        assertThat(read.fdIsSet(other)).isFalse();
        assertThat(except.fdCount()).isZero();
        assertThat(base.table(SelectingTable.class).selects()).isEqualTo(1);
    }

    @Test
    void socketsOfALayerAndOfItsBaseProviderAreSelectedTogether() throws Exception {
        WsaProtocolInfo first = host.chain(FakeModule.nonIfsLayer("first"), entry);
        WsaProtocolInfo second = host.chain(FakeModule.nonIfsLayer("second"), datagrams);
        Winsock winsock = host.start();
        SocketHandle plain = host.socket(entry);
        SocketHandle one = host.socket(first);
        SocketHandle two = host.socket(second);
        SelectingTable.readyEverywhere(base, two);
        winsock.wsaSetLastError(5);
        FdSet read = FdSet.of(plain, one, two);
        FdSet write = FdSet.of(two);
        assertThat(winsock.select(read, write, null, Timeval.POLL)).isEqualTo(2);
        assertThat(read.fdCount()).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(two);
        assertThat(write.fdIsSet(two)).isTrue();
        assertThat(winsock.wsaGetLastError()).isEqualTo(5);
    }

    @Test
    void socketsOfTwoBaseProvidersAreInvalidWhetherTheyAnswerForTheirHandlesOrNot() throws Exception {
        WsaProtocolInfo answering = host.base(FakeModule.of("other", SelectingTable::new));
        WsaProtocolInfo silent = host.base(FakeModule.nonIfs("silent"));
        Winsock winsock = host.start();
        SocketHandle a = host.socket(entry);
        SocketHandle b = host.socket(answering);
        SocketHandle c = host.socket(silent);
        for (SocketHandle other : List.of(b, c)) {
            FdSet read = FdSet.of(a);
            FdSet write = FdSet.of(other);
            assertFails(WSAEINVAL, () -> winsock.select(read, write, null, Timeval.POLL));
            assertThat(read.fdCount() + write.fdCount()).isEqualTo(2);
            assertThat(winsock.wsaGetLastError()).isEqualTo(WSAEINVAL.code());
        }
        assertThat(base.table(SelectingTable.class).selects()).isZero();
    }

    @Test
    void aLayerThatKeepsItsBaseHandleToItselfIsAskedByItself() throws Exception {
        FakeModule keeping = FakeModule.of("keeping", start -> new NonIfsLayerTable(start) {
            @Override
            public long wspIoctl(SocketHandle s, int code, Object in, IoctlResult out, WsaOverlapped overlapped,
                    WsaCompletionRoutine routine, WsaThreadId thread) throws WinsockException {
                throw new WinsockException(WSAEOPNOTSUPP);
            }
        });
        WsaProtocolInfo chain = host.chain(keeping, entry);
        Winsock winsock = host.start();
        SocketHandle plain = host.socket(entry);
        SocketHandle layered = host.socket(chain);
        SelectingTable.readyEverywhere(base, layered);
        assertFails(WSAEINVAL, () -> winsock.select(FdSet.of(plain, layered), null, null, Timeval.POLL));
        assertThat(winsock.select(FdSet.of(layered), null, null, Timeval.POLL)).isEqualTo(1);
    }

    /** A layer that claims select, with one table for all chains that it is in; and that table. */
    private static FakeModule claiming(boolean knowsExtended, AtomicReference<ClaimingLayer> table) {
        return FakeModule.of("claiming", start -> {
            if (table.get() == null) {
                table.set(new ClaimingLayer(start, knowsExtended, IoctlCode.SIO_BSP_HANDLE_SELECT));
            }
            return table.get();
        });
    }

    /** A socket of the layer, and one of another layer above it. */
    private SocketHandle[] ofTwoProviders(FakeModule claiming) throws WinsockException {
        WsaProtocolInfo below = host.chain(claiming, entry);
        WsaProtocolInfo above = host.chain(FakeModule.nonIfsLayer("above"), below);
        host.start();
        return new SocketHandle[] {host.socket(below), host.socket(above)};
    }

    @Test
    @Trap(50)
    void aLayerThatClaimsSelectGetsItBackWithItsOwnHandlesWhereSeveralProvidersAreSelectedTogether() throws Exception {
        AtomicReference<ClaimingLayer> layer = new AtomicReference<>();
        SocketHandle[] sockets = ofTwoProviders(claiming(true, layer));
        FdSet read = FdSet.of(sockets);
        assertThat(host.winsock().select(read, null, null, Timeval.POLL)).isEqualTo(1);
        assertThat(read.fdCount()).isEqualTo(1);
        assertThat(read.get(0)).isSameAs(sockets[0]);
        List<ClaimingLayer.Extended> extended = layer.get().extended;
        assertThat(extended).extracting(ClaimingLayer.Extended::code).containsExactly(IoctlCode.SIO_EXT_SELECT);
        WsaSelectData data = (WsaSelectData) extended.getFirst().in();
        assertThat(data.timeout()).isEqualTo(Timeval.POLL);
        assertThat(data.writefds()).isNull();
    }

    @Test
    void aLayerThatClaimsAndDoesNotKnowTheIoctlIsAskedAsForItsOwnSockets() throws Exception {
        SocketHandle[] sockets = ofTwoProviders(claiming(false, new AtomicReference<>()));
        base.tables().forEach(table -> ((SelectingTable) table)
                .ready(((SelectingTable) table).sockets().toArray(SocketHandle[]::new)));
        assertThat(host.winsock().select(FdSet.of(sockets), null, null, Timeval.POLL)).isEqualTo(2);
    }

    @Test
    void socketsThatALayerClaimsAndThoseOfItsBaseProviderAreInvalidTogether() throws Exception {
        WsaProtocolInfo chain = host.chain(claiming(true, new AtomicReference<>()), entry);
        Winsock winsock = host.start();
        FdSet read = FdSet.of(host.socket(chain), host.socket(entry));
        assertFails(WSAEINVAL, () -> winsock.select(read, null, null, Timeval.POLL));
        assertThat(read.fdCount()).isEqualTo(2);
    }

    @Test
    void aCountThatCannotBeIsASystemCallFailure() throws Exception {
        WsaProtocolInfo odd = host.base(FakeModule.of("odd", start -> new NonIfsTable(start) {
            @Override
            public int wspSelect(FdSet read, FdSet write, FdSet except, Timeval timeout) {
                return -1;
            }
        }));
        Winsock winsock = host.start();
        SocketHandle s = host.socket(odd);
        assertFails(WSASYSCALLFAILURE, () -> winsock.select(FdSet.of(s), null, null, Timeval.POLL));
    }
}
