package org.ws2j.provider.stream;

import java.nio.ByteBuffer;

/** What is known of the bytes from one end to the other. Each byte is told from its neighbours by its place. */
final class Direction {
    private static final int SPREAD = 0x9E3779B1;

    private final int salt;
    private long sent;
    private long received;
    private boolean ended;
    private boolean cut;

    Direction(End from) {
        salt = from == End.CLIENT ? 0 : 1_000_003;
    }

    /** {@return how many bytes are on their way} */
    long onTheWay() {
        return sent - received;
    }

    /** {@return whether no more will be sent} */
    boolean isEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** {@return whether bytes on their way may be lost} */
    boolean isCut() {
        return cut;
    }

    void cut() {
        cut = true;
        ended = true;
    }

    /** {@return the next bytes to send} */
    ByteBuffer next(int length) {
        ByteBuffer bytes = (length & 1) == 0 ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
        for (int i = 0; i < length; i++) {
            bytes.put(at(sent + i));
        }
        return bytes.flip();
    }

    void sent(long count) {
        sent += count;
    }

    /** Checks what has come. */
    void check(ByteBuffer bytes) {
        if (bytes.remaining() > onTheWay()) {
            throw new AssertionError(bytes.remaining() + " bytes come, of which " + onTheWay() + " were sent");
        }
        for (int i = 0; i < bytes.remaining(); i++) {
            byte expected = at(received + i);
            byte actual = bytes.get(bytes.position() + i);
            if (actual != expected) {
                throw new AssertionError("byte " + (received + i) + " is " + actual + ", not " + expected);
            }
        }
    }

    /** Checks what has come, and goes on behind it. */
    void received(ByteBuffer bytes) {
        check(bytes);
        received += bytes.remaining();
    }

    private byte at(long place) {
        return (byte) ((((int) place + salt) * SPREAD) >>> 24);
    }
}
