package org.ws2j.agent.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files to and from channels. */
final class FileTransferTest extends ChannelTest {
    private static final int SIZE = 3 << 20;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aFileGoesThroughAConnectionIntoAnother(Way way) throws Exception {
        use(way);
        byte[] content = new byte[SIZE];
        new Random(SIZE).nextBytes(content);
        Path source = Files.write(folder.resolve("source"), content);
        Path target = folder.resolve("target");
        Pair pair = pair();
        CompletableFuture<Long> sent = async(() -> send(source, pair));
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long position = 0;
            while (position < SIZE) {
                position += file.transferFrom(pair.server(), position, SIZE - position);
            }
        }
        assertThat(sent.get()).isEqualTo(SIZE);
        assertThat(Files.readAllBytes(target)).isEqualTo(content);
        assertThat(pair.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    private static long send(Path source, Pair pair) throws IOException {
        try (FileChannel file = FileChannel.open(source)) {
            long position = 0;
            while (position < SIZE) {
                position += file.transferTo(position, SIZE - position, pair.client());
            }
            pair.client().shutdownOutput();
            return position;
        }
    }
}
