package org.ws2j.cli.demo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How many bytes there were, and their checksum.
 *
 * @param bytes the number of bytes
 * @param sha256 their SHA-256, 64 hexadecimal digits
 */
public record Fingerprint(long bytes, String sha256) {

    static Fingerprint of(byte[] data) {
        Taker taker = new Taker();
        taker.update(ByteBuffer.wrap(data));
        return taker.soFar();
    }

    /** Takes the fingerprint of bytes as they come, from any thread. */
    static final class Taker {
        private final MessageDigest digest = sha256();

        /** Guarded by this, as the digest is. */
        private long bytes;

        /** Adds the bytes from position to limit, which stay as they are. */
        synchronized void update(ByteBuffer data) {
            bytes += data.remaining();
            digest.update(data.duplicate());
        }

        synchronized long bytes() {
            return bytes;
        }

        synchronized Fingerprint soFar() {
            try {
                MessageDigest copy = (MessageDigest) digest.clone();
                return new Fingerprint(bytes, HexFormat.of().formatHex(copy.digest()));
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("this JDK's SHA-256 cannot be copied", e);
            }
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256, this one has not", e);
            }
        }
    }
}
