package org.ws2j.provider.extension;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * The data of one transmission, piece by piece: each piece is one send.
 *
 * <p>Memory is sent where it lies. A file is read into one chunk of a bounded size, which is read again when the send of the
 * former content is over.
 */
abstract class Pieces {
    /** The most that one transmission sends, so that the count fits into the block: the limit of Windows. */
    static final long MAX_BYTES = Integer.MAX_VALUE - 1L;

    /** A run of bytes of memory or of a file. */
    static final class Part {
        final boolean endsPacket;
        private final ByteBuffer memory;
        private final FileChannel file;
        private long position;
        private long left;

        private Part(ByteBuffer memory, FileChannel file, long position, long left, boolean endsPacket) {
            this.memory = memory;
            this.file = file;
            this.position = position;
            this.left = left;
            this.endsPacket = endsPacket;
        }

        static Part of(ByteBuffer memory, boolean endsPacket) throws WinsockException {
            if (memory == null) {
                throw new WinsockException(WsaError.WSAEFAULT, "an element without memory");
            }
            return new Part(memory.slice(), null, 0, memory.remaining(), endsPacket);
        }

        /** Bytes of a file: from a position, or with -1 from where its channel stands; 0 for all that follow. */
        static Part of(FileChannel file, long offset, long length, boolean endsPacket) throws WinsockException {
            if (file == null) {
                throw new WinsockException(WsaError.WSAEFAULT, "an element without a file");
            }
            if (offset < -1 || length < 0) {
                throw new WinsockException(WsaError.WSAEINVAL, length + " bytes of a file from " + offset + " on");
            }
            try {
                long position = offset < 0 ? file.position() : offset;
                long follow = Math.max(0, file.size() - position);
                return new Part(null, file, position, length == 0 ? follow : Math.min(length, follow), endsPacket);
            } catch (IOException | RuntimeException e) {
                throw unreadable(e);
            }
        }

        static Part of(TransmitPacketsElement element) throws WinsockException {
            return switch (element) {
                case TransmitPacketsElement.Memory m -> of(m.buffer(), m.endsPacket());
                case TransmitPacketsElement.File f -> of(f.file(), f.offset(), f.length(), f.endsPacket());
                case null -> throw new WinsockException(WsaError.WSAEFAULT, "an element is null");
            };
        }

        boolean isMemory() {
            return file == null;
        }

        long left() {
            return left;
        }

        /** Takes the next bytes of memory, without moving them. */
        ByteBuffer next(int most) {
            int length = (int) Math.min(most, left);
            ByteBuffer piece = memory.slice(memory.position(), length);
            memory.position(memory.position() + length);
            left -= length;
            return piece;
        }

        /** Puts the next bytes into a chunk, as many as both have; a file that has become shorter ends the part. */
        void fill(ByteBuffer chunk, int most) throws WinsockException {
            int length = (int) Math.min(Math.min(most, left), chunk.remaining());
            if (isMemory()) {
                chunk.put(next(length));
                return;
            }
            int end = chunk.position() + length;
            int limit = chunk.limit();
            chunk.limit(end);
            try {
                read(chunk);
            } catch (IOException | RuntimeException e) {
                throw unreadable(e);
            } finally {
                chunk.limit(limit);
            }
        }

        private void read(ByteBuffer chunk) throws IOException {
            while (chunk.hasRemaining()) {
                int n = file.read(chunk, position);
                if (n < 0) {
                    left = 0;
                    return;
                }
                position += n;
                left -= n;
            }
        }

        private static WinsockException unreadable(Exception e) {
            return new WinsockException(WsaError.WSAEFAULT, "the file cannot be read: " + e.getMessage(), e);
        }
    }

    /** For no data at all. */
    static final Pieces NONE = new Pieces(List.of()) {
        @Override
        ByteBuffer next() {
            return null;
        }
    };

    final List<Part> parts;

    /** Which part comes next. */
    int index;

    Pieces(List<Part> parts) {
        this.parts = new ArrayList<>(parts);
    }

    /** {@return the next piece, which is valid until this is called again; null if there is none} */
    abstract ByteBuffer next() throws WinsockException;

    /** Gives back what was lent. */
    void close() {
        // Nothing in most cases.
    }

    /** Fails if there are more bytes than can be counted. */
    static List<Part> checked(List<Part> parts) throws WinsockException {
        long sum = 0;
        for (Part part : parts) {
            sum += part.left();
            if (sum > MAX_BYTES) {
                throw new WinsockException(WsaError.WSAEINVAL, "more than " + MAX_BYTES + " bytes at once");
            }
        }
        return parts;
    }
}
