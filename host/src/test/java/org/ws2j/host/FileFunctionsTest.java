package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAECONNRESET;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAENOTSOCK;
import static org.ws2j.spi.WsaError.WSAEWOULDBLOCK;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.ReceiveResult;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaCompletionRoutine;
import org.ws2j.spi.WsaOverlapped;
import org.ws2j.spi.WsaThreadId;
import org.ws2j.spi.WspResult;

/** readFile and writeFile on handles of both kinds. */
@Timeout(30)
final class FileFunctionsTest {
    private final TwoKinds hosts;
    private final FileHandles files;

    FileFunctionsTest() throws WinsockException {
        hosts = new TwoKinds();
        files = hosts.winsock.files();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    /** A socket of each kind, and what is behind it. */
    private record Kind(SocketHandle handle, FakeSocket socket) {
    }

    private List<Kind> kinds() throws WinsockException {
        SocketHandle created = hosts.created();
        SocketHandle file = hosts.file();
        return List.of(new Kind(created, hosts.nonIfsTable.socket(created)),
                new Kind(file, hosts.ifsTable.socket(file)));
    }

    @Test
    void readingAdvancesTheBufferByWhatCame() throws Exception {
        for (Kind kind : kinds()) {
            kind.socket.willReceive((byte) 1, (byte) 2, (byte) 3);
            ByteBuffer buffer = ByteBuffer.allocate(10).position(4);
            assertThat(files.readFile(kind.handle, buffer)).isEqualTo(3);
            assertThat(buffer.position()).isEqualTo(7);
            assertThat(buffer.flip().position(4)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
    }

    @Test
    void writingAdvancesTheBufferByWhatWent() throws Exception {
        for (Kind kind : kinds()) {
            ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}).position(1);
            assertThat(files.writeFile(kind.handle, buffer)).isEqualTo(3);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(kind.socket.sent()).containsExactly(2, 3, 4);
        }
    }

    @Test
    void theEndOfTheStreamReadsAsSuccessWithNoBytes() throws Exception {
        for (Kind kind : kinds()) {
            ByteBuffer buffer = ByteBuffer.allocate(4);
            assertThat(files.readFile(kind.handle, buffer)).isZero();
            assertThat(buffer.position()).isZero();
        }
    }

    @Test
    void aHandleThatItsClientHasClosedRefuses() throws Exception {
        for (Kind kind : kinds()) {
            hosts.winsock.closesocket(kind.handle);
            assertRefused(kind.handle);
        }
    }

    @Test
    void whatIsNoSocketRefuses() throws Exception {
        assertRefused(null);
        assertRefused(files.createFileHandle(new FakeSocket(hosts.ifsEntry, 0)));
        try (TwoKinds other = new TwoKinds()) {
            assertRefused(other.created());
            assertRefused(other.file());
        }
    }

    private void assertRefused(SocketHandle s) {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        assertFails(WSAENOTSOCK, () -> files.readFile(s, buffer));
        assertFails(WSAENOTSOCK, () -> files.writeFile(s, buffer));
        assertFails(WSAENOTSOCK, () -> files.readFile(s, buffer, new HeapOverlapped()));
        assertFails(WSAENOTSOCK, () -> files.writeFile(s, buffer, new HeapOverlapped()));
    }

    @Test
    void nullAnswersFault() throws Exception {
        assertFails(WSAEFAULT, () -> files.createFileHandle(null));
        for (Kind kind : kinds()) {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            assertFails(WSAEFAULT, () -> files.readFile(kind.handle, null));
            assertFails(WSAEFAULT, () -> files.writeFile(kind.handle, null));
            assertFails(WSAEFAULT, () -> files.readFile(kind.handle, buffer, null));
            assertFails(WSAEFAULT, () -> files.writeFile(kind.handle, buffer, null));
            assertFails(WSAEFAULT, () -> files.readFile(kind.handle, null, new HeapOverlapped()));
        }
    }

    @Test
    void anOverlappedOnePassesTheClientsBlockAndItsThread() throws Exception {
        List<Object> ran = new ArrayList<>();
        for (Kind kind : kinds()) {
            HeapOverlapped overlapped = new HeapOverlapped();
            ByteBuffer buffer = ByteBuffer.allocate(4);
            assertThat(files.readFile(kind.handle, buffer, overlapped)).isEqualTo(WspResult.IO_PENDING);
            FakeSocket.Request read = kind.socket.takeRequest();
            assertThat(read.overlapped()).isSameAs(overlapped);
            assertThat(read.buffer()).isSameAs(buffer);
            hosts.upcalls.wpuQueueApc(read.threadId(), ran::add, "mine");
            assertThat(files.writeFile(kind.handle, buffer, overlapped)).isEqualTo(WspResult.IO_PENDING);
            assertThat(kind.socket.takeRequest().overlapped()).isSameAs(overlapped);
            assertThat(buffer.position()).isZero();
        }
        hosts.winsock.waits().sleepEx(0, true);
        assertThat(ran).containsExactly("mine", "mine");
    }

    @Test
    void aRedirectedOneIsMadeWithoutFlagsOnTheCallingThread() throws Exception {
        List<Object> seen = new ArrayList<>();
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                    WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
                seen.add(lpResult == null ? 0 : lpResult.flags());
                seen.add(Thread.currentThread());
                return 0;
            }

            @Override
            public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
                    WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
                seen.add(dwFlags);
                seen.add(Thread.currentThread());
                return buffer.remaining();
            }
        });
        try (FakeHost host = FakeHost.with(module)) {
            SocketHandle s = host.socket();
            host.winsock().files().readFile(s, ByteBuffer.allocate(1));
            host.winsock().files().writeFile(s, ByteBuffer.allocate(1));
        }
        assertThat(seen).containsExactly(0, Thread.currentThread(), 0, Thread.currentThread());
    }

    @Test
    void errorsOfTheOwnerKeepTheirCode() throws Exception {
        FakeModule module = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public long wspRecv(SocketHandle s, ByteBuffer buffer, ReceiveResult lpResult, WsaOverlapped lpOverlapped,
                    WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) throws WinsockException {
                throw new WinsockException(WSAECONNRESET);
            }

            @Override
            public long wspSend(SocketHandle s, ByteBuffer buffer, int dwFlags, WsaOverlapped lpOverlapped,
                    WsaCompletionRoutine lpCompletionRoutine, WsaThreadId lpThreadId) {
                return WspResult.WOULD_BLOCK;
            }
        });
        try (FakeHost host = FakeHost.with(module)) {
            SocketHandle s = host.socket();
            FileHandles others = host.winsock().files();
            assertFails(WSAECONNRESET, () -> others.readFile(s, ByteBuffer.allocate(1)));
            assertFails(WSAECONNRESET, () -> others.readFile(s, ByteBuffer.allocate(1), new HeapOverlapped()));
            assertFails(WSAEWOULDBLOCK, () -> others.writeFile(s, ByteBuffer.allocate(1)));
            assertThat(others.writeFile(s, ByteBuffer.allocate(1), new HeapOverlapped()))
                    .isEqualTo(WspResult.WOULD_BLOCK);
        }
    }

    /** A file object that answers as it should not, or fails. */
    private static final class BadFile implements FileObject {
        private int count;
        private Throwable failure;

        private int answer() {
            return failure == null ? count : Thrower.<RuntimeException, Integer>sneaky(failure);
        }

        @Override
        public int read(ByteBuffer target) {
            return answer();
        }

        @Override
        public int write(ByteBuffer source) {
            return answer();
        }

        @Override
        public void close() {
            answer();
        }
    }

    private SocketHandle registered(FileObject file) throws WinsockException {
        return hosts.upcalls.wpuModifyIfsHandle(hosts.ifsEntry.catalogEntryId(), files.createFileHandle(file));
    }

    @Test
    void whatAFileObjectThrowsReachesTheCallerWithItsCause() throws Exception {
        BadFile file = new BadFile();
        SocketHandle s = registered(file);
        file.failure = new WinsockException(WSAECONNRESET);
        assertFails(WSAECONNRESET, () -> files.readFile(s, ByteBuffer.allocate(1)));
        for (Throwable failure : new Throwable[] {new IOException("bad"), new IllegalStateException("bad"),
                new AssertionError("bad"), new StackOverflowError("bad")}) {
            file.failure = failure;
            WinsockException read =
                    catchThrowableOfType(WinsockException.class, () -> files.readFile(s, ByteBuffer.allocate(1)));
            assertThat(read.is(WSASYSCALLFAILURE)).isTrue();
            assertThat(read.getCause()).isSameAs(failure);
            assertFails(WSASYSCALLFAILURE, () -> files.writeFile(s, ByteBuffer.allocate(1)));
        }
        file.failure = null;
        files.closeHandle(s);
    }

    @Test
    void impossibleCountsOfAFileObjectAreSystemCallFailures() throws Exception {
        BadFile file = new BadFile();
        SocketHandle s = registered(file);
        for (int count : new int[] {-1, 2, Integer.MAX_VALUE}) {
            file.count = count;
            assertFails(WSASYSCALLFAILURE, () -> files.readFile(s, ByteBuffer.allocate(1)));
            assertFails(WSASYSCALLFAILURE, () -> files.writeFile(s, ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aFileObjectThatFailsToCloseIsReportedAndTheHandleIsClosedAllTheSame() throws Exception {
        for (Throwable failure : new Throwable[] {new IOException("bad"), new IllegalStateException("bad"),
                new AssertionError("bad"), new StackOverflowError("bad")}) {
            BadFile file = new BadFile();
            SocketHandle s = registered(file);
            file.failure = failure;
            hosts.winsock.files().closeHandle(s);
            assertThat(hosts.reports().failures()).contains(failure);
            assertRefused(s);
        }
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void fileObjectsThatFailToCloseDoNotStopTheLastCleanup() throws Exception {
        for (int i = 0; i < 3; i++) {
            BadFile file = new BadFile();
            registered(file);
            file.failure = new IllegalStateException("bad " + i);
        }
        hosts.winsock.wsaCleanup();
        assertThat(hosts.reports().failures()).hasSize(3);
        assertThat(hosts.winsock.openHandles().sockets()).isZero();
    }

    @Test
    void theFileObjectIsTheOneTheHandleWasMadeWith() throws Exception {
        FakeSocket file = new FakeSocket(hosts.ifsEntry, 0);
        SocketHandle s = files.createFileHandle(file);
        assertThat(files.fileObject(s)).isSameAs(file);
        assertFails(WSAENOTSOCK, () -> files.fileObject(hosts.created()));
        assertFails(WSAENOTSOCK, () -> files.fileObject(null));
    }
}
