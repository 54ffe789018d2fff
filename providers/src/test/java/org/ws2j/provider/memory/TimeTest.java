package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.HostClock;
import org.ws2j.spi.Linger;
import org.ws2j.spi.MessageFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.SocketOption;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Time-outs, by a clock that the test moves. */
final class TimeTest extends MemoryTest {
    private final MovedClock clock = new MovedClock();

    @Override
    HostClock clock() {
        return clock;
    }

    private void option(SocketHandle s, int name, Object value) throws WinsockException {
        winsock.setsockopt(s, SocketOption.SOL_SOCKET, name, value);
    }

    @Test
    void aReceiveTimesOut() throws WinsockException {
        Connection c = connection();
        option(c.server(), SocketOption.SO_RCVTIMEO, 100);
        CompletableFuture<String> received = async(() -> receive(c.server(), 1));
        clock.awaitParked();
        clock.advanceMillis(100);
        assertFailsLater(WsaError.WSAETIMEDOUT, received);
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(receive(c.server(), 1)).isEqualTo("x");
    }

    @Test
    void aReceiveThatWantsAllGivesWhatItHasAtItsTimeOut() throws Exception {
        Connection c = connection();
        option(c.server(), SocketOption.SO_RCVTIMEO, 100);
        winsock.send(c.client(), bytes("half"), 0);
        CompletableFuture<Integer> received =
                async(() -> winsock.recv(c.server(), ByteBuffer.allocate(8), MessageFlag.MSG_WAITALL));
        clock.awaitParked();
        clock.advanceMillis(100);
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(4);
    }

    @Test
    void aSendTimesOut() throws WinsockException {
        Connection c = connection();
        option(c.client(), SocketOption.SO_SNDTIMEO, 100);
        CompletableFuture<Integer> sent = async(() -> winsock.send(c.client(), ByteBuffer.allocate(200_000), 0));
        clock.awaitParked();
        clock.advanceMillis(100);
        assertFailsLater(WsaError.WSAETIMEDOUT, sent);
    }

    @Test
    void aSelectTimesOut() throws Exception {
        Connection c = connection();
        FdSet read = FdSet.of(c.server());
        CompletableFuture<Integer> ready = async(() -> winsock.select(read, null, null, new Timeval(1, 0)));
        clock.awaitParked();
        clock.advanceMillis(1_000);
        assertThat(ready.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(read.fdCount()).isZero();
    }

    @Test
    void aCloseThatLingersTooLongResets() throws Exception {
        Connection c = connection();
        option(c.client(), SocketOption.SO_LINGER, new Linger(true, 3));
        winsock.send(c.client(), ByteBuffer.allocate(100_000), 0);
        CompletableFuture<Boolean> closed = async(() -> {
            winsock.closesocket(c.client());
            return true;
        });
        clock.awaitParked();
        clock.advanceMillis(3_000);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 1));
    }
}
