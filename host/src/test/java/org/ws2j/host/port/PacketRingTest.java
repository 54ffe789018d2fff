package org.ws2j.host.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.WsaOverlapped;

final class PacketRingTest {
    private static final int FEW = 10;
    private static final int MANY = 100;

    private final PacketRing ring = new PacketRing();
    private final CompletionPacket packet = new CompletionPacket();

    @Test
    void aPacketStaysWholeWhenTheRingGrowsAroundIt() {
        List<WsaOverlapped> blocks = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            ring.add(0, null, null, 0);
            ring.moveTo(packet);
        }
        // From here on what is in the ring wraps around its end.
        for (int i = 0; i < MANY; i++) {
            blocks.add(new HeapOverlapped());
            ring.add(i, "key " + i, blocks.get(i), 1_000 + i);
        }
        for (int i = 0; i < MANY; i++) {
            ring.moveTo(packet);
            assertThat(packet.bytesTransferred()).isEqualTo(i);
            assertThat(packet.completionKey()).isEqualTo("key " + i);
            assertThat(packet.overlapped()).isSameAs(blocks.get(i));
            assertThat(packet.error()).isEqualTo(1_000 + i);
        }
        assertThat(ring.isEmpty()).isTrue();
    }
}
