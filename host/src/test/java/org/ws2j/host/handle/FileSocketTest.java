package org.ws2j.host.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSA_INVALID_PARAMETER;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.UnsupportedProcTable;
import org.ws2j.host.port.IoCompletionPorts;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.WspProcTable;

@Timeout(30)
final class FileSocketTest {
    private final Reports reports = new Reports();
    private final HostThreads threads = new HostThreads(new SystemClock(), reports);
    private final HandleTable table = new HandleTable(threads, reports);
    private final IoCompletionPorts ports = new IoCompletionPorts(threads);

    /** Counts its closes, and fails each if it is to. */
    private static final class ClosingFile implements FileObject {
        private final Error failure;
        private int closes;

        ClosingFile(Error failure) {
            this.failure = failure;
        }

        @Override
        public int read(ByteBuffer target) {
            return 0;
        }

        @Override
        public int write(ByteBuffer source) {
            return 0;
        }

        @Override
        public void close() {
            closes++;
            if (failure != null) {
                throw failure;
            }
        }
    }

    private static final class Owner implements HandleOwner {
        private final WspProcTable functions = new UnsupportedProcTable() {
        };

        @Override
        public WspProcTable procTable() {
            return functions;
        }

        @Override
        public String name() {
            return "owner";
        }
    }

    private FileSocket registered(FileObject file) throws Exception {
        FileSocket s = table.createFile(file);
        s.register(1, new Owner());
        return s;
    }

    @Test
    void aHandleIsClosedOnceAndItsFileWithIt() throws Exception {
        ClosingFile file = new ClosingFile(null);
        FileSocket s = table.createFile(file);
        assertThat(s.isFileClosed()).isFalse();
        assertThat(s.close(reports)).isTrue();
        assertThat(s.close(reports)).isFalse();
        assertThat(s.isFileClosed()).isTrue();
        assertThat(file.closes).isEqualTo(1);
        assertThat(table.file(s)).isNull();
    }

    @Test
    void whatTheFileThrowsWhenItsClientClosesItIsReported() throws Exception {
        AssertionError failure = new AssertionError("of the file");
        FileSocket s = registered(new ClosingFile(failure));
        s.beginClose();
        s.endClose();
        assertThat(reports.failures()).containsExactly(failure);
        assertThat(s.isAlive()).isFalse();
    }

    @Test
    void aVirtualMachineErrorOfTheFileIsRethrown() throws Exception {
        FileSocket s = table.createFile(new ClosingFile(new InternalError("of the file")));
        assertThatThrownBy(() -> s.close(reports)).isInstanceOf(InternalError.class);
        assertThat(reports.failures()).isEmpty();
    }

    @Test
    void aHandleIsAssociatedOnceUntilTheLastCleanUp() throws Exception {
        FileSocket s = registered(new ClosingFile(null));
        CompletionPort port = ports.createIoCompletionPort(1);
        ports.associate(s, port, "key");
        assertFails(WSA_INVALID_PARAMETER, () -> ports.associate(s, port, "key"));
        assertThat(s.association()).isNotNull();
        table.reap();
        assertThat(s.association()).isNull();
    }
}
