package org.ws2j.bridge;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

/**
 * A file descriptor that a base provider in C has brought along: the file functions are read(2) and write(2). The provider closes
 * it, in its WSPCloseSocket; this does not.
 */
final class DescriptorFile implements FileObject {
    private static final MethodHandle TRANSFER = Shapes.down("J:IJJ");

    private final int descriptor;

    DescriptorFile(int descriptor) {
        this.descriptor = descriptor;
    }

    @Override
    public int read(ByteBuffer target) throws WinsockException {
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            long memory = scratch.allocate(target.remaining());
            int n = transfer("read", memory, target.remaining());
            BufferArray.copyOut(memory, target, n);
            target.position(target.position() + n);
            return n;
        } finally {
            scratch.release(mark);
        }
    }

    @Override
    public int write(ByteBuffer source) throws WinsockException {
        Scratch scratch = Scratch.current();
        long mark = scratch.mark();
        try {
            int length = source.remaining();
            long memory = scratch.allocate(length);
            BufferArray.copyIn(source, memory);
            int done = 0;
            while (done < length) {
                int n = transfer("write", memory + done, length - done);
                done += n;
                source.position(source.position() + n);
            }
            return done;
        } finally {
            scratch.release(mark);
        }
    }

    private int transfer(String function, long memory, int length) throws WinsockException {
        MemorySegment symbol = Linker.nativeLinker()
                .defaultLookup()
                .find(function)
                .orElseThrow(() -> new WinsockException(WsaError.WSAEOPNOTSUPP, "this system has no " + function));
        long n;
        try {
            n = (long) TRANSFER.invokeExact(symbol, descriptor, memory, (long) length);
        } catch (Throwable e) {
            throw new WinsockException(WsaError.WSASYSCALLFAILURE, function, e);
        }
        if (n < 0) {
            throw new WinsockException(WsaError.WSAECONNRESET, function + " of descriptor " + descriptor + " failed");
        }
        return (int) n;
    }

    @Override
    public void close() {
        // The provider's own business.
    }
}
