package org.ws2j.layer.trace.pcapng;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pcapng file read back, big-endian, without the code under test. */
record Capture(List<Block> blocks) {

    static final class Block {
        private final int type;
        private final byte[] body;

        Block(int type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        int type() {
            return type;
        }

        byte[] body() {
            return body;
        }
    }

    static Capture of(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        List<Block> blocks = new ArrayList<>();
        while (in.hasRemaining()) {
            int type = in.getInt();
            int length = in.getInt();
            assertThat(length).isPositive();
            assertThat(length % 4).isZero();
            byte[] body = new byte[length - 12];
            in.get(body);
            assertThat(in.getInt()).as("length at the block's end").isEqualTo(length);
            blocks.add(new Block(type, body));
        }
        return new Capture(blocks);
    }

    List<Packet> packets() {
        return blocks.stream()
                .filter(block -> block.type() == 6)
                .map(Capture::packet)
                .toList();
    }

    /** The options that begin at an offset of a block's body, by code, in order. */
    static Map<Integer, byte[]> options(byte[] body, int offset) {
        ByteBuffer in = ByteBuffer.wrap(body).position(offset);
        Map<Integer, byte[]> options = new LinkedHashMap<>();
        while (true) {
            int code = in.getShort();
            byte[] value = new byte[in.getShort() & 0xFFFF];
            in.get(value);
            in.position(padded(in.position()));
            if (code == 0) {
                assertThat(in.hasRemaining()).isFalse();
                return options;
            }
            options.put(code, value);
        }
    }

    private static Packet packet(Block block) {
        ByteBuffer in = ByteBuffer.wrap(block.body());
        int interfaceId = in.getInt();
        long nanos = in.getLong();
        byte[] bytes = new byte[in.getInt()];
        assertThat(in.getInt()).as("original length").isEqualTo(bytes.length);
        in.get(bytes);
        Map<Integer, byte[]> options = options(block.body(), padded(in.position()));
        byte[] comment = options.get(1);
        int flags = ByteBuffer.wrap(options.get(2)).getInt();
        String text = comment == null ? null : new String(comment, StandardCharsets.UTF_8);
        return new Packet(interfaceId, nanos, flags, text, bytes);
    }

    private static int padded(int length) {
        return (length + 3) / 4 * 4;
    }
}
