package org.ws2j.layer.trace.pcapng;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Records 256 MiB; run in a JVM of its own with a small heap, and without the test libraries. */
final class LargeTransfer {

    static final long LENGTH = 256L << 20;

    private LargeTransfer() {}

    public static void main(String[] arguments) throws IOException {
        PcapngFile file = PcapngFile.create(Path.of(arguments[0]), Throwable::printStackTrace);
        try (file) {
            TcpConversation tcp = file.addInterface("tap")
                    .tcp(new InetSocketAddress("192.0.2.1", 50_000), new InetSocketAddress("192.0.2.2", 7_777));
            ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
            for (long sent = 0; sent < LENGTH; sent += chunk.capacity()) {
                tcp.sent(sent, chunk, 0, chunk.capacity());
            }
            tcp.closed(LENGTH);
        }
        if (file.failure().isPresent()) {
            System.exit(1);
        }
    }
}
