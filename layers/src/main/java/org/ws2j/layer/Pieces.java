package org.ws2j.layer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.ws2j.spi.TransmitFileBuffers;
import org.ws2j.spi.TransmitPacketsElement;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaOverlapped;

/**
 * What TransmitFile and TransmitPackets send, cut into what one send takes: on a stream any piece of an element, on a
 * datagram socket the elements up to the end of a packet.
 */
final class Pieces {
    /** How much of a file is read at once. */
    private static final int PIECE_BYTES = 64 * 1024;

    private static final int MAX_DATAGRAM_BYTES = 0xFFFF;

    /** The most that one transmission sends: the limit of Windows. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 1;

    /** As a size of sends: whatever the elements say. */
    private static final int SIZE_OF_ELEMENTS = -1;

    /** The rest of an element: of memory, or else of a file. */
    private static final class Rest {
        final ByteBuffer memory;
        final FileChannel file;
        final boolean endsPacket;
        long position;
        long left;

        Rest(ByteBuffer memory, boolean endsPacket) {
            this.memory = memory.duplicate();
            file = null;
            left = memory.remaining();
            this.endsPacket = endsPacket;
        }

        Rest(FileChannel file, long position, long left, boolean endsPacket) {
            memory = null;
            this.file = file;
            this.position = position;
            this.left = left;
            this.endsPacket = endsPacket;
        }

        /** Takes bytes until the target is full or nothing is left. */
        void takeInto(ByteBuffer target) throws WinsockException {
            int count = (int) Math.min(left, target.remaining());
            if (memory != null) {
                target.put(memory.slice(memory.position(), count));
                memory.position(memory.position() + count);
                left -= count;
            } else {
                readInto(target, count);
            }
        }

        private void readInto(ByteBuffer target, int count) throws WinsockException {
            int limit = target.limit();
            target.limit(target.position() + count);
            try {
                while (target.hasRemaining()) {
                    int read = file.read(target, position);
                    if (read < 0) {
                        left = 0; // The file has become shorter.
                        return;
                    }
                    position += read;
                    left -= read;
                }
            } catch (IOException e) {
                throw new WinsockException(WsaError.WSAEFAULT, "the file cannot be read", e);
            } finally {
                target.limit(limit);
            }
        }
    }

    private final Deque<Rest> rests = new ArrayDeque<>();
    private final boolean keepsPackets;
    private final int pieceBytes;

    /** Used for one piece after the other: the last one has been sent when the next one is asked for. */
    private ByteBuffer room;

    private Pieces(int sendSize, boolean keepsPackets) throws WinsockException {
        if (sendSize < 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "pieces of " + sendSize + " bytes");
        }
        int most = keepsPackets ? MAX_DATAGRAM_BYTES : PIECE_BYTES;
        pieceBytes = sendSize == 0 ? most : Math.min(sendSize, most);
        this.keepsPackets = keepsPackets;
    }

    /** What TransmitFile sends. An overlapped one begins where its block says. */
    static Pieces ofFile(
            FileChannel file, long bytes, int bytesPerSend, WsaOverlapped overlapped, TransmitFileBuffers buffers)
            throws WinsockException {
        Pieces pieces = new Pieces(bytesPerSend, false);
        if (buffers != null && buffers.head() != null) {
            pieces.rests.add(new Rest(buffers.head(), false));
        }
        if (file != null) {
            pieces.rests.add(rest(file, overlapped == null ? -1 : offsetOf(overlapped), bytes, false));
        }
        if (buffers != null && buffers.tail() != null) {
            pieces.rests.add(new Rest(buffers.tail(), false));
        }
        return pieces.checked();
    }

    private static long offsetOf(WsaOverlapped block) throws WinsockException {
        long offset = (long) block.offsetHigh() << Integer.SIZE | Integer.toUnsignedLong(block.offset());
        if (offset < 0) {
            throw new WinsockException(WsaError.WSAEINVAL, "an offset of " + offset);
        }
        return offset;
    }

    /** What TransmitPackets sends. */
    static Pieces ofElements(TransmitPacketsElement[] elements, int count, int sendSize, boolean keepsPackets)
            throws WinsockException {
        Pieces pieces = new Pieces(sendSize == SIZE_OF_ELEMENTS ? 0 : sendSize, keepsPackets);
        if (count < 0) {
            throw new WinsockException(WsaError.WSAEINVAL, count + " elements");
        }
        if (elements == null || elements.length < count) {
            throw new WinsockException(WsaError.WSAEFAULT, "the array has not that many elements");
        }
        for (int i = 0; i < count; i++) {
            pieces.rests.add(rest(elements[i]));
        }
        return pieces.checked();
    }

    private static Rest rest(TransmitPacketsElement element) throws WinsockException {
        return switch (element) {
            case TransmitPacketsElement.Memory m when m.buffer() != null -> new Rest(m.buffer(), m.endsPacket());
            case TransmitPacketsElement.File f when f.file() != null ->
                rest(f.file(), f.offset(), f.length(), f.endsPacket());
            case null, default -> throw new WinsockException(WsaError.WSAEFAULT);
        };
    }

    /** The part of a file, as far as there is one; with a length of 0 all that follows. */
    private static Rest rest(FileChannel file, long offset, long length, boolean endsPacket) throws WinsockException {
        if (length < 0 || offset < -1) {
            throw new WinsockException(WsaError.WSAEINVAL, length + " bytes from " + offset);
        }
        try {
            long start = offset == -1 ? file.position() : offset;
            long follow = Math.max(0, file.size() - start);
            return new Rest(file, start, length == 0 ? follow : Math.min(length, follow), endsPacket);
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSAEFAULT, "the file cannot be read", e);
        }
    }

    /** A completion counts no more bytes than an int holds. */
    private Pieces checked() throws WinsockException {
        long total = rests.stream().mapToLong(r -> r.left).sum();
        if (total < 0 || total > MAX_BYTES) {
            throw new WinsockException(WsaError.WSAEINVAL, total + " bytes");
        }
        return this;
    }

    /** {@return the next piece, from its position to its limit, valid until the next call; null at the end} */
    ByteBuffer next() throws WinsockException {
        if (keepsPackets) {
            return rests.isEmpty() ? null : packet();
        }
        while (!rests.isEmpty()) {
            ByteBuffer piece = piece(rests.peek());
            if (piece.hasRemaining()) {
                return piece;
            }
            rests.poll();
        }
        return null;
    }

    private ByteBuffer piece(Rest rest) throws WinsockException {
        ByteBuffer target = room().limit((int) Math.min(rest.left, pieceBytes));
        rest.takeInto(target);
        return target.flip();
    }

    private ByteBuffer packet() throws WinsockException {
        ByteBuffer target = room();
        boolean isOver = false;
        while (!isOver && target.hasRemaining() && !rests.isEmpty()) {
            Rest rest = rests.peek();
            rest.takeInto(target);
            if (rest.left == 0) {
                isOver = rests.poll().endsPacket;
            }
        }
        if (!isOver && !rests.isEmpty() && pieceBytes == MAX_DATAGRAM_BYTES) {
            throw new WinsockException(WsaError.WSAEMSGSIZE, "a packet is longer than a datagram");
        }
        return target.flip();
    }

    private ByteBuffer room() {
        if (room == null) {
            room = ByteBuffer.allocate(pieceBytes);
        }
        return room.clear();
    }
}
