package org.ws2j.host.traps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAENOBUFS;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** Sets of sockets on their way through layers. */
@Timeout(30)
final class SelectTrapsTest {
    private final FakeHost host = new FakeHost();

    SelectTrapsTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    @Trap(49)
    void setsOfAnySizeGoThroughALayerAreCompactedAndCountedTogether() throws Exception {
        FakeModule base = FakeModule.of("base", SelectingTable::new);
        WsaProtocolInfo chain = host.chain(FakeModule.nonIfsLayer("layer"), host.base(base));
        Winsock winsock = host.start();
        SocketHandle[] sockets = new SocketHandle[1000];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = host.socket(chain);
        }
        SelectingTable table = base.table(SelectingTable.class);
        table.ready(table.sockets().get(3), table.sockets().get(500), table.sockets().get(999));
        FdSet read = FdSet.of(sockets);
        FdSet write = FdSet.of(sockets[0], sockets[500]);
        FdSet except = FdSet.of(sockets[1]);

        assertThat(winsock.select(read, write, except, Timeval.POLL)).isEqualTo(4);

        assertThat(read.fdCount()).isEqualTo(3);
        assertThat(read.fdIsSet(sockets[999])).isTrue();
        assertThat(read.get(0)).isSameAs(sockets[3]);
        assertThat(write.fdCount()).isEqualTo(1);
        assertThat(write.get(0)).isSameAs(sockets[500]);
        assertThat(except.fdCount()).isZero();
    }

    @Test
    @Trap(49)
    void aLayerThatHasNoRoomForSoManySocketsIsHeard() throws Exception {
        FakeModule small = FakeModule.of("small", start -> new NonIfsLayerTable(start) {
            @Override
            public int wspSelect(FdSet read, FdSet write, FdSet except, Timeval timeout) throws WinsockException {
                if (read.fdCount() > FdSet.FD_SETSIZE) {
                    throw new WinsockException(WSAENOBUFS);
                }
                return super.wspSelect(read, write, except, timeout);
            }
        });
        WsaProtocolInfo chain = host.chain(small, host.base(FakeModule.of("base", SelectingTable::new)));
        Winsock winsock = host.start();
        FdSet read = new FdSet(100);
        for (int i = 0; i < 65; i++) {
            read.fdSet(host.socket(chain));
        }
        assertFails(WSAENOBUFS, () -> winsock.select(read, null, null, Timeval.POLL));
        assertThat(read.fdCount()).isEqualTo(65);
    }

    @Test
    @Trap(50)
    void socketsOfSeveralLayersMeetInTheBaseProviderPastTheLayers() throws Exception {
        FakeModule base = FakeModule.of("base", SelectingTable::new);
        AtomicInteger inLayer = new AtomicInteger();
        FakeModule counting = FakeModule.of("counting", start -> new NonIfsLayerTable(start) {
            @Override
            public int wspSelect(FdSet read, FdSet write, FdSet except, Timeval timeout) throws WinsockException {
                inLayer.incrementAndGet();
                return super.wspSelect(read, write, except, timeout);
            }
        });
        WsaProtocolInfo baseEntry = host.base(base);
        List<WsaProtocolInfo> chains = List.of(host.chain(counting, baseEntry));
        Winsock winsock = host.start();
        SocketHandle layered = host.socket(chains.getFirst());
        SocketHandle plain = host.socket(baseEntry);
        SelectingTable.readyEverywhere(base, layered);
        FdSet read = FdSet.of(plain, layered);
        assertThat(winsock.select(read, null, null, Timeval.POLL)).isEqualTo(1);
        assertThat(read.fdIsSet(layered)).isTrue();
        assertThat(read.fdIsSet(plain)).isFalse();
        assertThat(inLayer).hasValue(0);
        assertThat(winsock.select(FdSet.of(layered), null, null, Timeval.POLL)).isEqualTo(1);
        assertThat(inLayer).hasValue(1);
    }
}
