package org.ws2j.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessSocketsTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                    + "  timeout inode\n";

    @TempDir
    private Path process;

    @BeforeEach
    void makeProcess() throws Exception {
        Files.createDirectories(process.resolve("fd"));
        Files.createDirectories(process.resolve("net"));
        Files.writeString(process.resolve("net/tcp"), HEAD
                + "   0: 0100007F:1F90 0200007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 111 1 f\n");
        Files.writeString(process.resolve("net/tcp6"), HEAD
                + "   0: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000"
                + " 00:00000000 00000000     0        0 222 1 f\n");
        descriptor(3, "socket:[111]");
        descriptor(4, "socket:[222]");
        descriptor(5, "socket:[333]");
        descriptor(6, "anon_inode:[eventpoll]");
    }

    private void descriptor(int number, String target) throws Exception {
        Files.createSymbolicLink(process.resolve("fd").resolve(Integer.toString(number)), Path.of(target));
    }

    @Test
    void socketsOfTheInternetThatNobodyKnowsAreTold() throws Exception {
        ProcessSockets sockets = new ProcessSockets(process);
        assertThat(sockets.isKnown()).isTrue();
        assertThat(sockets.others(Set.of())).containsExactlyInAnyOrder(
                "tcp 127.0.0.1:8080 to 127.0.0.2:80", "tcp6 0:0:0:0:0:0:0:1:443 to 0:0:0:0:0:0:0:0:0");
        assertThat(sockets.others(Set.of(4))).containsExactly("tcp 127.0.0.1:8080 to 127.0.0.2:80");
        assertThat(sockets.others(Set.of(3, 4))).isEmpty();
    }

    @Test
    void whereTheSystemDoesNotTellNothingIsKnown() {
        assertThat(new ProcessSockets(process.resolve("none")).isKnown()).isFalse();
    }
}
