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
            } else {
                read(target, count);
            }
            left -= count;
        }

        private void read(ByteBuffer target, int count) throws WinsockException {
            ByteBuffer part = target.slice(target.position(), count);
            try {
                while (part.hasRemaining()) {
                    int read = file.read(part, position);
                    if (read < 0) {
                        throw new WinsockException(WsaError.WSAEFAULT, "the file ends at " + position);
                    }
                    position += read;
                }
            } catch (WinsockException e) {
                throw e;
            } catch (IOException e) {
                throw new WinsockException(WsaError.WSAEFAULT, "the file cannot be read", e);
            }
            target.position(target.position() + count);
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
            long offset = overlapped == null ? -1 : offsetOf(overlapped);
            pieces.rests.add(rest(file, offset, bytes, false));
        }
        if (buffers != null && buffers.tail() != null) {
            pieces.rests.add(new Rest(buffers.tail(), false));
        }
        return pieces.checked();
    }

    private static long offsetOf(WsaOverlapped block) {
        return (long) block.offsetHigh() << Integer.SIZE | Integer.toUnsignedLong(block.offset());
    }

    /** What TransmitPackets sends. */
    static Pieces ofElements(TransmitPacketsElement[] elements, int count, int sendSize, boolean keepsPackets)
            throws WinsockException {
        Pieces pieces = new Pieces(sendSize, keepsPackets);
        if (elements == null) {
            throw new WinsockException(WsaError.WSAEFAULT);
        }
        if (count < 0 || count > elements.length) {
            throw new WinsockException(WsaError.WSAEINVAL, count + " of " + elements.length + " elements");
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

    /** The part of a file; with a length of 0 all that follows. */
    private static Rest rest(FileChannel file, long offset, long length, boolean endsPacket) throws WinsockException {
        if (length < 0 || offset < -1) {
            throw new WinsockException(WsaError.WSAEINVAL, length + " bytes from " + offset);
        }
        try {
            long start = offset == -1 ? file.position() : offset;
            long left = length == 0 ? Math.max(0, file.size() - start) : length;
            return new Rest(file, start, left, endsPacket);
        } catch (IOException e) {
            throw new WinsockException(WsaError.WSAEFAULT, "the file cannot be read", e);
        }
    }

    /** A completion counts no more bytes than an int holds. */
    private Pieces checked() throws WinsockException {
        long total = rests.stream().mapToLong(r -> r.left).sum();
        if (total < 0 || total > Integer.MAX_VALUE) {
            throw new WinsockException(WsaError.WSAEINVAL, total + " bytes");
        }
        return this;
    }

    /** {@return the next piece, from its position to its limit, valid until the next call; null at the end} */
    ByteBuffer next() throws WinsockException {
        if (keepsPackets) {
            return rests.isEmpty() ? null : packet();
        }
        while (!rests.isEmpty() && rests.peek().left == 0) {
            rests.poll();
        }
        return rests.isEmpty() ? null : piece(rests.peek());
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
