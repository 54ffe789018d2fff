package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

@Timeout(30)
final class WpuQuerySocketHandleContextTest {
    private final TwoKinds hosts;

    WpuQuerySocketHandleContextTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void nullZeroAndSmallIntegersAreContextsLikeOthers() throws Exception {
        for (Object context : new Object[] {null, 0, 1, -1, 0L, 7L, (byte) 3, "", new int[0]}) {
            SocketHandle s = hosts.handle(context);
            assertThat(hosts.upcalls.wpuQuerySocketHandleContext(s)).isSameAs(context);
            assertThat(hosts.upcalls.wpuQuerySocketHandleContext(s)).isSameAs(context);
        }
    }

    @Test
    void aHandleNotMadeByCreateSocketHandleAnswersNotSocket() throws Exception {
        SocketHandle file = hosts.file();
        SocketHandle unregistered =
                hosts.winsock.files().createFileHandle(new FakeSocket(hosts.ifsEntry, 0));
        for (SocketHandle bad : new SocketHandle[] {null, file, unregistered}) {
            assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuQuerySocketHandleContext(bad));
        }
    }

    @Test
    void anotherHostsHandleAnswersNotSocket() throws Exception {
        try (TwoKinds other = new TwoKinds()) {
            SocketHandle foreign = other.handle("theirs");
            assertFails(WSAENOTSOCK, () -> hosts.upcalls.wpuQuerySocketHandleContext(foreign));
        }
    }

    @Test
    void aThreadThatTheHostHasNeverSeenMayAsk() throws Exception {
        SocketHandle s = hosts.handle("context");
        assertThat(TestThreads.start(() -> hosts.upcalls.wpuQuerySocketHandleContext(s)).get()).isEqualTo("context");
        assertThat(TestThreads.startVirtual(() -> hosts.upcalls.wpuQuerySocketHandleContext(s)).get())
                .isEqualTo("context");
    }
}
