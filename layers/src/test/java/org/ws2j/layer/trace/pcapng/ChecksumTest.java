package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChecksumTest {

    @Test
    void exampleOfRfc1071HasItsSum() {
        ByteBuffer bytes =
                ByteBuffer.wrap(new byte[] {0x00, 0x01, (byte) 0xF2, 0x03, (byte) 0xF4, (byte) 0xF5, -10, -9});

        assertThat(Checksum.of(Checksum.sum(bytes, 0, 8))).isEqualTo((short) ~0xDDF2);
    }

    @Test
    void knownIpv4HeaderHasItsChecksum() {
        // A header much used as an example: its checksum, 0xB861, is zeroed here.
        int[] words = {0x4500, 0x0073, 0, 0x4000, 0x4011, 0, 0xC0A8, 0x0001, 0xC0A8, 0x00C7};
        ByteBuffer header = ByteBuffer.allocate(20);
        for (int word : words) {
            header.putShort((short) word);
        }

        assertThat(Checksum.of(Checksum.sum(header, 0, 20))).isEqualTo((short) 0xB861);
    }

    @Test
    void sumOfAnyRegionAgreesWithTheWordwiseSum() {
        byte[] bytes = new byte[300];
        new Random(7).nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int from = 0; from < 9; from++) {
            for (int to = from; to < bytes.length; to++) {
                int expected = Packet.onesComplementSum(Arrays.copyOfRange(bytes, from, to));
                assertThat(Checksum.of(Checksum.sum(buffer, from, to)))
                        .as("%d to %d", from, to)
                        .isEqualTo((short) ~expected);
            }
        }
    }

    @Test
    void largestPacketOfOnesDoesNotOverflow() {
        byte[] bytes = new byte[65_575];
        Arrays.fill(bytes, (byte) 0xFF);

        assertThat(Checksum.of(Checksum.sum(ByteBuffer.wrap(bytes), 0, bytes.length)))
                .isEqualTo((short) ~Packet.onesComplementSum(bytes));
    }
}
