package org.ws2j.provider.extension;

import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/** Data for datagrams: elements up to one that ends a packet go into one, unless a size was given, which ends packets too. */
final class PacketPieces extends Pieces {
    private final ChunkPool chunks;
    private final int most;
    private ByteBuffer chunk;

    /** Makes packets of a number of bytes at most; 0 for whole ones. */
    PacketPieces(List<Part> parts, int most, ChunkPool chunks) {
        super(parts);
        this.most = most == 0 ? Integer.MAX_VALUE : most;
        this.chunks = chunks;
    }

    @Override
    ByteBuffer next() throws WinsockException {
        if (index == parts.size()) {
            return null;
        }
        chunk = chunk == null ? chunks.take() : chunk;
        chunk.clear();
        boolean ends = false;
        while (!ends && index < parts.size()) {
            ends = add(parts.get(index));
        }
        return chunk.flip();
    }

    /** Adds what there is of a part. {@return whether the packet ends there} */
    private boolean add(Part part) throws WinsockException {
        part.fill(chunk, most - chunk.position());
        boolean full = chunk.position() == most;
        if (part.left() > 0) {
            if (!full) {
                throw new WinsockException(WsaError.WSAEMSGSIZE, "a packet is longer than any datagram");
            }
            return true;
        }
        index++;
        return part.endsPacket || full;
    }

    @Override
    void close() {
        if (chunk != null) {
            chunks.giveBack(chunk);
            chunk = null;
        }
    }
}
