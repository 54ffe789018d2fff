package org.ws2j.host.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAENOBUFS;
import static org.ws2j.spi.WsaError.WSA_INVALID_HANDLE;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeSocket;
import org.ws2j.host.fake.UnsupportedProcTable;
import org.ws2j.host.thread.HostThreads;
import org.ws2j.host.thread.Reports;
import org.ws2j.host.thread.SystemClock;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WspProcTable;

@Timeout(60)
final class HandleTableTest {
    private static final int MOST = 40;

    private final Reports reports = new Reports();
    private final HandleTable table = new HandleTable(new HostThreads(new SystemClock(), reports), reports, MOST);

    private static final HandleOwner OWNER = new HandleOwner() {
        @Override
        public WspProcTable procTable() {
            return null;
        }

        @Override
        public String name() {
            return "owner";
        }
    };

    @Test
    void whenThereAreAsManyHandlesAsThereCanBeTheNextOneAnswersNoBuffers() throws Exception {
        List<CreatedSocket> handles = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            handles.add(table.create(1, OWNER, i));
        }
        assertFails(WSAENOBUFS, () -> table.create(1, OWNER, null));
        assertFails(WSAENOBUFS, () -> table.createFile(new FakeSocket(FakeHost.tcp(), 0)));
        assertThat(table.count()).isEqualTo(MOST);
        assertThat(table.release(handles.getFirst())).isTrue();
        table.create(1, OWNER, null);
        assertFails(WSAENOBUFS, () -> table.create(1, OWNER, null));
    }

    @Test
    void aDuplicateThatThereIsNoRoomForLeavesTheOriginalAsItWas() throws Exception {
        FakeSocket file = new FakeSocket(FakeHost.tcp(), 0);
        FileSocket original = table.createFile(file);
        FileSocket copy = table.duplicate(original);
        while (table.count() < MOST) {
            table.create(1, OWNER, null);
        }
        assertFails(WSAENOBUFS, () -> table.duplicate(original));
        assertThat(table.count()).isEqualTo(MOST);
        original.close(reports);
        assertThat(file.closes()).isZero();
        copy.close(reports);
        assertThat(file.closes()).isEqualTo(1);
        assertFails(WSA_INVALID_HANDLE, () -> table.duplicate(copy));
    }

    @Test
    void theLimitHoldsForAllThreadsTogether() throws Exception {
        for (int i = 0; i < MOST; i++) {
            TestThreads.start(() -> table.create(1, OWNER, null)).get();
        }
        for (int i = 0; i < 32; i++) {
            TestThreads.start(() -> {
                assertFails(WSAENOBUFS, () -> table.create(1, OWNER, null));
                return null;
            }).get();
        }
        assertThat(table.count()).isEqualTo(MOST);
    }

    @Test
    void handlesAreReleasedInAnyOrderByAnyThread() throws Exception {
        CreatedSocket first = table.create(1, OWNER, 1);
        CreatedSocket second = table.create(1, OWNER, 2);
        CreatedSocket third = TestThreads.start(() -> table.create(1, OWNER, 3)).get();
        assertThat(table.alive()).containsExactlyInAnyOrder(first, second, third);
        assertThat(TestThreads.start(() -> table.release(second)).get()).isTrue();
        assertThat(table.alive()).containsExactlyInAnyOrder(first, third);
        assertThat(table.release(second)).isFalse();
        assertThat(table.release(first)).isTrue();
        assertThat(table.release(third)).isTrue();
        assertThat(table.alive()).isEmpty();
    }

    @Test
    void handlesThatArePrintedAfterTheirReleaseCostNoNumber() throws Exception {
        String before = table.create(1, OWNER, null).toString();
        for (int i = 0; i < 3 * (1 << 20); i++) {
            CreatedSocket s = table.create(1, OWNER, null);
            table.release(s);
            assertThat(s.number()).isEqualTo(HostSocket.NO_NUMBER);
        }
        assertThat(table.create(1, OWNER, null)).hasToString("SOCKET 0x400008");
        assertThat(before).isEqualTo("SOCKET 0x400004");
    }

    @Test
    void aNumberThatWasGivenOutStaysTheHandlesAfterItsRelease() throws Exception {
        CreatedSocket s = table.create(1, OWNER, null);
        int number = s.number();
        table.release(s);
        assertThat(s.number()).isEqualTo(number);
    }

    @Test
    void theNumbersOfReleasedHandlesComeBack() throws Exception {
        int number = 0;
        for (int i = 0; i < 2_000; i++) {
            CreatedSocket s = table.create(1, OWNER, null);
            number = s.number();
            table.release(s);
        }
        assertThat(number >>> 22).as("generation of 0x%x", number).isEqualTo(2);
    }

    @Test
    void aHandleTellsItsEntryAndWhetherItIsOpen() throws Exception {
        CreatedSocket s = table.create(7, OWNER, null);
        assertThat(s.catalogEntryId()).isEqualTo(7);
        assertThat(s.isOpen()).isTrue();
        table.release(s);
        assertThat(s.isOpen()).isFalse();
    }

    @Test
    void whatIsNoSocketIsNamedInTheError() throws Exception {
        CreatedSocket released = table.create(1, OWNER, null);
        String name = released.toString();
        table.release(released);
        assertThatThrownBy(() -> table.openForClient(null)).hasMessageContaining("null");
        assertThatThrownBy(() -> table.openForClient(released)).hasMessageContaining(name + " is closed");
        assertThatThrownBy(() -> table.openForClient(new SocketHandle() {
        })).hasMessageContaining("another host");
    }

    @Test
    void aNumberThatIsNotedAfterItsHandleWasReleasedTakesNoOthersPlace() throws Exception {
        CreatedSocket early = table.create(1, OWNER, null);
        int number = early.number();
        table.release(early);
        CreatedSocket later = table.create(1, OWNER, null);
        while (NumberSource.index(later.number()) != NumberSource.index(number)) {
            table.release(later);
            later = table.create(1, OWNER, null);
        }
        table.enter(number, early);
        assertThat(table.socket(later.number())).isSameAs(later);
        assertThat(table.socket(number)).isNull();
    }

    @Test
    void theTableOfALateOwnerDoesNotReplaceThatOfALayerThatRegistersMeanwhile() throws Exception {
        WspProcTable ofBase = new UnsupportedProcTable() {
        };
        WspProcTable ofLayer = new UnsupportedProcTable() {
        };
        FileSocket s = table.createFile(new FakeSocket(FakeHost.tcp(), 0));
        int[] asked = new int[1];
        s.register(1, owner(() -> {
            if (asked[0]++ == 0) {
                return null; // its WSPStartup still runs
            }
            s.register(2, owner(() -> ofLayer));
            return ofBase;
        }));
        assertThat(s.procTable()).isSameAs(ofLayer);
        assertThat(s.procTable()).isSameAs(ofLayer);
    }

    private static HandleOwner owner(Supplier<WspProcTable> functions) {
        return new HandleOwner() {
            @Override
            public WspProcTable procTable() {
                return functions.get();
            }

            @Override
            public String name() {
                return "owner";
            }
        };
    }
}
