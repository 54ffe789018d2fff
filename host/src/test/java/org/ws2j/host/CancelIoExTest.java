package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.ERROR_NOT_FOUND;
import static org.ws2j.spi.WsaError.WSAENETDOWN;
import static org.ws2j.spi.WsaError.WSASYSCALLFAILURE;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.spi.FileHandles;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaOverlapped;

/** CancelIoEx on handles of both kinds. */
@Timeout(30)
final class CancelIoExTest {
    private final TwoKinds hosts;
    private final FileHandles files;

    CancelIoExTest() throws WinsockException {
        hosts = new TwoKinds();
        files = hosts.winsock.files();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    /** A file object that remembers what it is to cancel, and answers as a test says. */
    private static final class Cancellable implements FileObject {
        private final List<WsaOverlapped> asked = new ArrayList<>();
        private boolean found;
        private Throwable failure;

        @Override
        public boolean cancel(WsaOverlapped overlapped) {
            asked.add(overlapped);
            return failure == null ? found : Thrower.<RuntimeException, Boolean>sneaky(failure);
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
        }
    }

    private SocketHandle registered(FileObject file) throws WinsockException {
        return hosts.upcalls.wpuModifyIfsHandle(hosts.ifsEntry.catalogEntryId(), files.createFileHandle(file));
    }

    @Test
    void theFileObjectIsAskedForOneOperationOrForAll() throws Exception {
        Cancellable file = new Cancellable();
        file.found = true;
        SocketHandle s = registered(file);
        HeapOverlapped overlapped = new HeapOverlapped();
        files.cancelIoEx(s, overlapped);
        files.cancelIoEx(s, null);
        assertThat(file.asked).containsExactly(overlapped, null);
    }

    @Test
    void whereTheFileObjectFindsNothingThereIsNothingToCancel() throws Exception {
        assertFails(ERROR_NOT_FOUND, () -> files.cancelIoEx(registered(new Cancellable()), null));
        assertFails(ERROR_NOT_FOUND, () -> files.cancelIoEx(hosts.file(), new HeapOverlapped()));
    }

    @Test
    void theSystemKnowsNoOperationsOfACreatedHandle() throws Exception {
        SocketHandle created = hosts.created();
        HeapOverlapped pending = new HeapOverlapped();
        hosts.winsock.wsaRecv(created, ByteBuffer.allocate(1), null, pending, null);
        assertFails(ERROR_NOT_FOUND, () -> files.cancelIoEx(created, pending));
        assertFails(ERROR_NOT_FOUND, () -> files.cancelIoEx(created, null));
        assertThat(pending.isCompleted()).isFalse();
    }

    @Test
    void whatAFileObjectThrowsReachesTheCaller() throws Exception {
        Cancellable file = new Cancellable();
        SocketHandle s = registered(file);
        file.failure = new WinsockException(WSAENETDOWN);
        assertFails(WSAENETDOWN, () -> files.cancelIoEx(s, null));
        for (Throwable failure : new Throwable[] {new IllegalStateException("bad"), new AssertionError("bad"),
                new StackOverflowError("bad")}) {
            file.failure = failure;
            WinsockException seen =
                    catchThrowableOfType(WinsockException.class, () -> files.cancelIoEx(s, null));
            assertThat(seen.is(WSASYSCALLFAILURE)).isTrue();
            assertThat(seen.getCause()).isSameAs(failure);
            assertThat(hosts.reports().failures()).contains(failure);
        }
    }

    @Test
    void whatIsNotAnOpenSocketIsAnInvalidHandle() throws Exception {
        Cancellable file = new Cancellable();
        file.found = true;
        SocketHandle closed = registered(file);
        files.closeHandle(closed);
        SocketHandle closedCreated = hosts.created();
        hosts.winsock.closesocket(closedCreated);
        SocketHandle unregistered = files.createFileHandle(new FakeSocket(hosts.ifsEntry, 0));
        try (TwoKinds other = new TwoKinds()) {
            for (SocketHandle bad : new SocketHandle[] {null, closed, closedCreated, unregistered, other.file()}) {
                assertFails(WSA_INVALID_HANDLE, () -> files.cancelIoEx(bad, null));
            }
        }
        assertThat(file.asked).isEmpty();
    }
}
