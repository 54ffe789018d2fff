package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConcurrentRecordingTest {

    private static final InetSocketAddress REMOTE = Recording.address("192.0.2.2", 7_777);
    private static final int CONVERSATIONS = 8;
    private static final int LENGTH = 1 << 20;

    private final Recording recording = new Recording();

    @Test
    void bothDirectionsOfManyConversationsStayInOrder() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2 * CONVERSATIONS);
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                TcpConversation tcp = recording.tap.tcp(local(i), REMOTE);
                ByteBuffer out = ByteBuffer.wrap(Recording.letters(LENGTH, i));
                ByteBuffer in = ByteBuffer.wrap(Recording.letters(LENGTH, -i - 1));
                int chunk = 700 + 10_000 * i;
                work.add(threads.submit(() -> {
                    start.await();
                    for (int at = 0; at < LENGTH; at += chunk) {
                        tcp.sent(at, out, at, Math.min(chunk, LENGTH - at));
                    }
                    tcp.outputShutdown(LENGTH);
                    return null;
                }));
                work.add(threads.submit(() -> {
                    start.await();
                    for (int at = 0; at < LENGTH; at += chunk) {
                        tcp.received(at, in, at, Math.min(chunk, LENGTH - at));
                    }
                    tcp.endOfStream(LENGTH);
                    return null;
                }));
            }
            for (Future<?> task : work) {
                task.get(20, TimeUnit.SECONDS);
            }
        }

        List<Packet> packets = recording.packets();

        for (int i = 0; i < CONVERSATIONS; i++) {
            int port = local(i).getPort();
            TcpReplay replay = TcpReplay.of(packets.stream()
                    .filter(packet -> packet.sourcePort() == port || packet.destinationPort() == port)
                    .toList());
            assertThat(replay.sent()).isEqualTo(Recording.letters(LENGTH, i));
            assertThat(replay.received()).isEqualTo(Recording.letters(LENGTH, -i - 1));
        }
    }

    @Test
    void closeThatRacesWithTrafficEndsTheConversationOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            TcpConversation tcp = recording.tap.tcp(local(round), REMOTE);
            CyclicBarrier start = new CyclicBarrier(3);
            try (ExecutorService threads =
                    Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory())) {
                List<Future<?>> work = List.of(
                        threads.submit(() -> {
                            start.await();
                            tcp.sent(1, Recording.ascii("out"), 0, 3);
                            return null;
                        }),
                        threads.submit(() -> {
                            start.await();
                            tcp.received(1, Recording.ascii("in"), 0, 2);
                            tcp.closed(2);
                            return null;
                        }),
                        threads.submit(() -> {
                            start.await();
                            tcp.resetByPeer(1);
                            return null;
                        }));
                for (Future<?> task : work) {
                    task.get(20, TimeUnit.SECONDS);
                }
            }
        }

        List<Packet> packets = recording.packets();

        for (int round = 0; round < 200; round++) {
            int port = local(round).getPort();
            List<Packet> conversation = packets.stream()
                    .filter(packet -> packet.sourcePort() == port || packet.destinationPort() == port)
                    .toList();
            assertThat(TcpReplay.of(conversation)).isNotNull();
            boolean isReset = conversation.getLast().has(Packet.RST);
            assertThat(conversation.stream().filter(packet -> packet.has(Packet.FIN)))
                    .hasSize(isReset ? 0 : 2);
        }
    }

    private static InetSocketAddress local(int index) {
        return Recording.address("192.0.2.1", 50_000 + index);
    }
}
