package org.ws2j.host.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.spi.FileObject;
import org.ws2j.spi.HandleNumbers;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;

final class NumberedHandlesTest {
    private final List<Throwable> reports = new ArrayList<>();
    private final HandleTable table = new HandleTable(
            new HostThreads(new SystemClock(), (what, e) -> reports.add(e)), (what, e) -> reports.add(e));

    @Test
    void aHandleIsFoundByItsNumberUntilItIsReleased() throws WinsockException {
        FileSocket s = table.createFile(new CountingFile());
        long number = table.number(s);
        assertThat(number).isGreaterThanOrEqualTo(HandleNumbers.FIRST_GIVEN);
        assertThat(table.socket(number)).isSameAs(s);

        s.close((what, e) -> reports.add(e));

        assertThat(table.socket(number)).isNull();
    }

    @Test
    void noHandleIsFoundByWhatWasNeverGivenOut() {
        for (long number : new long[] {-1, 0, 4, 7, HandleNumbers.FIRST_GIVEN, Integer.MAX_VALUE, 1L << 31,
                Long.MIN_VALUE}) {
            assertThat(table.socket(number)).as("%x", number).isNull();
        }
    }

    @Test
    void aHandleOfAnotherHostHasNoNumber() throws WinsockException {
        HandleTable other = new HandleTable(
                new HostThreads(new SystemClock(), (what, e) -> reports.add(e)), (what, e) -> reports.add(e));

        assertThat(table.number(other.createFile(new CountingFile()))).isEqualTo(HandleNumbers.INVALID_SOCKET);
        assertThat(table.number(null)).isEqualTo(HandleNumbers.INVALID_SOCKET);
    }

    @Test
    void aDescriptorComesBackUnchanged() throws WinsockException {
        SocketHandle s = table.createFileHandle(new CountingFile(), 7);

        assertThat(table.number(s)).isEqualTo(7);
        assertThat(table.socket(7)).isSameAs(s);
        assertThat(s).hasToString("SOCKET 0x7");
    }

    @Test
    void aDescriptorThatIsGivenOutAgainReplacesTheStaleHandle() throws WinsockException {
        CountingFile closed = new CountingFile();
        SocketHandle stale = table.createFileHandle(closed, 7);

        SocketHandle fresh = table.createFileHandle(new CountingFile(), 7);

        assertThat(table.socket(7)).isSameAs(fresh);
        assertThat(table.file(stale)).isNull();
        assertThat(closed.closes).isEqualTo(1);
        assertThat(table.count()).isEqualTo(1);
    }

    @Test
    void aReleasedDescriptorMeansNothing() throws WinsockException {
        SocketHandle s = table.createFileHandle(new CountingFile(), 7);

        table.file(s).close((what, e) -> reports.add(e));

        assertThat(table.socket(7)).isNull();
    }

    @Test
    void numbersThatAHostGivesOutCannotBeBroughtAlong() {
        assertThatExceptionOfType(WinsockException.class)
                .isThrownBy(() -> table.createFileHandle(new CountingFile(), HandleNumbers.FIRST_GIVEN))
                .matches(e -> e.is(WsaError.WSAEINVAL));
    }

    private static final class CountingFile implements FileObject {
        int closes;

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
        }
    }
}
