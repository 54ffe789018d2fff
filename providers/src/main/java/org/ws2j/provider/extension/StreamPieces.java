package org.ws2j.provider.extension;

import java.nio.ByteBuffer;
import java.util.List;
import org.ws2j.spi.WinsockException;

/** Data for a stream, where only the order matters. */
final class StreamPieces extends Pieces {
    private final ChunkPool chunks;
    private final int most;
    private ByteBuffer chunk;
    private boolean any;

    /** Makes pieces of a number of bytes at most; 0 for as many as suits. */
    StreamPieces(List<Part> parts, int most, ChunkPool chunks) {
        super(parts);
        this.most = most == 0 ? Integer.MAX_VALUE : most;
        this.chunks = chunks;
    }

    /** Nothing at all is one send of nothing, so that the state of the socket is looked at. */
    @Override
    ByteBuffer next() throws WinsockException {
        while (index < parts.size()) {
            ByteBuffer piece = piece(parts.get(index));
            if (piece.hasRemaining()) {
                any = true;
                return piece;
            }
            index++;
        }
        boolean first = !any;
        any = true;
        return first ? ByteBuffer.allocate(0) : null;
    }

    private ByteBuffer piece(Part part) throws WinsockException {
        if (part.isMemory()) {
            return part.next(most);
        }
        chunk = chunk == null ? chunks.take() : chunk;
        part.fill(chunk.clear(), most);
        return chunk.flip();
    }

    @Override
    void close() {
        if (chunk != null) {
            chunks.giveBack(chunk);
            chunk = null;
        }
    }
}
