package org.ws2j.layer.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.spi.AddressFamily.AF_INET;
import static org.ws2j.spi.IpProtocol.IPPROTO_TCP;
import static org.ws2j.spi.SocketType.SOCK_STREAM;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.Winsock;
import org.ws2j.spi.ShutdownHow;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;

@Timeout(120)
class ManyConnectionsTest {
    private static final int CONNECTIONS = 1_000;
    private static final int MESSAGE = 4_096;

    @TempDir
    Path folder;

    /** Both ends go through a chain, each in a host of its own: 2,000 sockets over 2,000 sockets. */
    @Test
    void aThousandConnectionsOnVirtualThreadsCompleteAndLeaveNothing() throws Exception {
        try (Winsock servers = LoadStack.traceOverTcpIp(folder.resolve("server.pcapng"));
                Winsock clients = LoadStack.traceOverTcpIp(folder.resolve("client.pcapng"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SocketHandle listener = servers.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
            servers.bind(listener, new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
            servers.listen(listener, CONNECTIONS);
            SocketAddress address = servers.getsockname(listener);
            List<Future<?>> work = new ArrayList<>();
            work.add(threads.submit(() -> {
                for (int i = 0; i < CONNECTIONS; i++) {
                    SocketHandle peer = servers.accept(listener, null);
                    work.add(threads.submit(() -> echo(servers, peer)));
                }
                return null;
            }));
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                byte seed = (byte) i;
                answers.add(threads.submit(() -> ask(clients, address, seed)));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(MESSAGE);
            }
            for (int i = 0; i < work.size(); i++) {
                work.get(i).get();
            }
            servers.closesocket(listener);
            assertThat(clients.openHandles().isEmpty()).as(clients.openHandles()::toString).isTrue();
            assertThat(servers.openHandles().isEmpty()).as(servers.openHandles()::toString).isTrue();
        }
    }

    private static Void echo(Winsock winsock, SocketHandle s) throws WinsockException {
        ByteBuffer buffer = ByteBuffer.allocate(MESSAGE);
        while (winsock.recv(s, buffer.clear(), 0) > 0) {
            winsock.send(s, buffer.flip(), 0);
        }
        winsock.closesocket(s);
        return null;
    }

    private static int ask(Winsock winsock, SocketAddress server, byte seed) throws WinsockException {
        SocketHandle s = winsock.socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
        winsock.connect(s, server);
        ByteBuffer message = ByteBuffer.allocate(MESSAGE);
        while (message.hasRemaining()) {
            message.put((byte) (seed + message.position()));
        }
        winsock.send(s, message.flip(), 0);
        winsock.shutdown(s, ShutdownHow.SD_SEND);
        ByteBuffer answer = ByteBuffer.allocate(MESSAGE + 1);
        while (winsock.recv(s, answer, 0) > 0) {
            assertThat(answer.position()).isLessThanOrEqualTo(MESSAGE);
        }
        winsock.closesocket(s);
        assertThat(answer.flip()).isEqualTo(message.flip());
        return answer.limit();
    }
}
