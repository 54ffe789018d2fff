package org.ws2j.provider.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.FdSet;
import org.ws2j.spi.Timeval;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;

/** The blocking hook of a client of 1.1, and cancelling from inside it. */
final class BlockingHookTest extends MemoryTest {
    @Override
    WinsockVersion version() {
        return WinsockVersion.V1_1;
    }

    private void cancelAtOnce() throws WinsockException {
        winsock.wsaSetBlockingHook(() -> {
            try {
                winsock.wsaCancelBlockingCall();
            } catch (WinsockException e) {
                throw new IllegalStateException(e);
            }
            return false;
        });
    }

    @Test
    void theHookDoesNotRunForWhatFinishesAtOnce() throws WinsockException {
        Connection c = connection();
        AtomicInteger runs = new AtomicInteger();
        winsock.wsaSetBlockingHook(() -> {
            runs.incrementAndGet();
            return false;
        });
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(receive(c.server(), 1)).isEqualTo("x");
        winsock.select(FdSet.of(c.client()), null, null, Timeval.POLL);
        assertThat(runs).hasValue(0);
    }

    @Test
    void aCancelledAcceptOrSelectLeavesItsSocketsUnharmed() throws WinsockException {
        Connection c = connection();
        cancelAtOnce();
        assertFails(WsaError.WSAEINTR, () -> winsock.accept(c.listener(), null));
        assertFails(WsaError.WSAEINTR, () -> winsock.select(FdSet.of(c.server()), null, null, null));
        assertFails(WsaError.WSAEINTR, () -> receive(c.server(), 1));
        winsock.send(c.client(), bytes("x"), 0);
        assertThat(receive(c.server(), 1)).isEqualTo("x");
    }

    @Test
    void aSendCancelledHalfWayResetsTheConnection() throws WinsockException {
        Connection c = connection();
        cancelAtOnce();
        assertFails(WsaError.WSAEINTR, () -> winsock.send(c.client(), ByteBuffer.allocate(200_000), 0));
        assertFails(WsaError.WSAECONNABORTED, () -> winsock.send(c.client(), bytes("x"), 0));
        assertFails(WsaError.WSAECONNRESET, () -> receive(c.server(), 1));
    }
}
