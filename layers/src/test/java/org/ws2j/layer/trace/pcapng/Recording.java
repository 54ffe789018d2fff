package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A file in memory with one interface, for tests; an unexpected failure to write fails the test. */
final class Recording {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final PcapngFile file = PcapngFile.writingTo(bytes, failure -> {
        throw new AssertionError(failure);
    });
    final CaptureInterface tap = file.addInterface("tap");

    /** Closes the file and reads its packets, having checked lengths and checksums of each. */
    List<Packet> packets() {
        file.close();
        assertThat(file.failure()).isEmpty();
        List<Packet> packets = Capture.of(bytes.toByteArray()).packets();
        assertThat(packets).allSatisfy(packet -> {
            assertThat(packet.statedLength()).isEqualTo(packet.bytes().length);
            assertThat(packet.transportSum()).isEqualTo(0xFFFF);
            if (packet.version() == 4) {
                assertThat(packet.headerSum()).isEqualTo(0xFFFF);
            }
        });
        return packets;
    }

    byte[] bytesSoFar() {
        return bytes.toByteArray();
    }

    byte[] closedBytes() {
        file.close();
        return bytes.toByteArray();
    }

    static InetSocketAddress address(String literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Letters that no analyser takes for a protocol, different for each seed. */
    static byte[] letters(int length, int seed) {
        byte[] letters = new byte[length];
        int state = seed;
        for (int i = 0; i < length; i++) {
            state = state * 1_103_515_245 + 12_345;
            letters[i] = (byte) ('a' + (state >>> 16) % 26);
        }
        return letters;
    }
}
