package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.Waits.WSA_WAIT_EVENT_0;
import static org.ws2j.spi.Waits.WSA_WAIT_IO_COMPLETION;
import static org.ws2j.spi.Waits.WSA_WAIT_TIMEOUT;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSA_OPERATION_ABORTED;
import static org.ws2j.spi.WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.CatalogNotification;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.thread.TestThreads;
import org.ws2j.host.thread.TestThreads.Running;
import org.ws2j.spi.CompletionSink;
import org.ws2j.spi.HeapOverlapped;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaEvent;
import org.ws2j.spi.WsaProtocolInfo;

/** WSAProviderConfigChange, in each of its styles. */
@Timeout(30)
final class ProviderConfigChangeTest {
    private final FakeHost host = new FakeHost();
    private final Winsock winsock;
    private final WsaProtocolInfo entry;
    private int change;

    ProviderConfigChangeTest() throws WinsockException {
        entry = host.base(FakeModule.nonIfs("base"));
        winsock = host.start();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void changeCatalog() throws WinsockException {
        host.catalog().setOptions(entry.catalogEntryId(), Map.of("change", "" + ++change));
    }

    private CatalogNotification notification() throws WinsockException {
        return winsock.wsaProviderConfigChange(null, null, null);
    }

    @Test
    void theFirstCallOnlyBegins() throws Exception {
        changeCatalog();
        try (CatalogNotification notification = notification()) {
            HeapOverlapped overlapped = new HeapOverlapped();
            assertThat(winsock.wsaProviderConfigChange(notification, overlapped, null)).isSameAs(notification);
            assertThat(overlapped.isCompleted()).isFalse();
        }
    }

    @Test
    void aCallWithoutABlockWaitsForTheNextChange() throws Exception {
        try (CatalogNotification notification = notification()) {
            Running<CatalogNotification> waiting = TestThreads.start(
                    () -> winsock.wsaProviderConfigChange(notification, null, null)).awaitParked();
            changeCatalog();
            assertThat(waiting.get()).isSameAs(notification);
        }
        assertThat(winsock.openHandles().events()).isZero();
    }

    @Test
    void anEventIsSignaledOncePerRequest() throws Exception {
        WsaEvent event = winsock.wsaCreateEvent();
        winsock.wsaSetEvent(event);
        HeapOverlapped overlapped = new HeapOverlapped(event);
        try (CatalogNotification notification = notification()) {
            winsock.wsaProviderConfigChange(notification, overlapped, null);
            assertThat(overlapped.internal()).isEqualTo(WSS_OPERATION_IN_PROGRESS);
            assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_TIMEOUT);
            changeCatalog();
            assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_EVENT_0);
            assertThat(overlapped.internal()).isZero();
            winsock.wsaProviderConfigChange(notification, overlapped, null);
            assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_TIMEOUT);
        }
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aRoutineRunsInAnAlertableWaitOfTheThreadThatAskedAndTheEventStaysAsItIs() throws Exception {
        List<Object> told = new CopyOnWriteArrayList<>();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped overlapped = new HeapOverlapped(event);
        try (CatalogNotification notification = notification()) {
            winsock.wsaProviderConfigChange(notification, overlapped,
                    (error, bytes, block, flags) -> told.addAll(List.of(error, bytes, block, flags)));
            TestThreads.start(() -> {
                changeCatalog();
                return null;
            }).get();
            assertThat(told).isEmpty();
            assertThat(winsock.waits().sleepEx(0, true)).isEqualTo(WSA_WAIT_IO_COMPLETION);
            assertThat(told).containsExactly(0, 0, overlapped, 0);
            assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_TIMEOUT);
        }
        winsock.wsaCloseEvent(event);
    }

    @Test
    void aChangeBetweenTwoCallsIsNotLostAndToldOnce() throws Exception {
        try (CatalogNotification notification = notification()) {
            changeCatalog();
            changeCatalog();
            HeapOverlapped first = new HeapOverlapped();
            winsock.wsaProviderConfigChange(notification, first, null);
            assertThat(first.isCompleted()).isTrue();
            HeapOverlapped second = new HeapOverlapped();
            winsock.wsaProviderConfigChange(notification, second, null);
            assertThat(second.isCompleted()).isFalse();
            changeCatalog();
            assertThat(second.isCompleted()).isTrue();
            changeCatalog();
            winsock.wsaProviderConfigChange(notification, null, null);
        }
    }

    @Test
    void aChangeTellsEverybodyWhoAsked() throws Exception {
        try (CatalogNotification notification = notification()) {
            HeapOverlapped overlapped = new HeapOverlapped();
            Running<CatalogNotification> waiting = TestThreads.start(
                    () -> winsock.wsaProviderConfigChange(notification, null, null)).awaitParked();
            winsock.wsaProviderConfigChange(notification, overlapped, null);
            changeCatalog();
            assertThat(overlapped.isCompleted()).isTrue();
            assertThat(waiting.get()).isSameAs(notification);
        }
    }

    @Test
    void aSinkThatBreaksIsReportedAndTheOthersAreTold() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        try (CatalogNotification notification = notification()) {
            winsock.wsaProviderConfigChange(notification, new HeapOverlapped() {
                @Override
                public CompletionSink sink() {
                    return (block, error, bytes) -> {
                        throw broken;
                    };
                }
            }, null);
            HeapOverlapped other = new HeapOverlapped();
            winsock.wsaProviderConfigChange(notification, other, null);
            changeCatalog();
            assertThat(other.isCompleted()).isTrue();
        }
        assertThat(host.reports().failures()).containsExactly(broken);
    }

    @Test
    void whoIsToldOfAChangeThatAStartHasFoundHoldsNoLockOfTheHost(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("catalog.json");
        ProtocolCatalog shared = ProtocolCatalog.open(file);
        try (Winsock watching = Winsock.builder().catalog(shared).build();
                Winsock starting = Winsock.builder().catalog(shared).build()) {
            watching.wsaStartup(WinsockVersion.V2_2);
            List<Object> told = new CopyOnWriteArrayList<>();
            try (CatalogNotification notification = watching.wsaProviderConfigChange(null, null, null)) {
                watching.wsaProviderConfigChange(notification, new HeapOverlapped() {
                    @Override
                    public CompletionSink sink() {
                        return (block, error, bytes) -> told.add(startElsewhere(starting));
                    }
                }, null);
                ProtocolCatalog.open(file).wscInstallProvider(
                        UUID.randomUUID(), "builtin:any", List.of(FakeHost.tcp()), Map.of());
                starting.wsaStartup(WinsockVersion.V2_2);
            }
            assertThat(told).containsExactly(WinsockVersion.V2_2);
            starting.wsaCleanup();
            assertThat(starting.wsaEnumProtocols()).as("the second of two starts").hasSize(1);
        }
    }

    private static WinsockVersion startElsewhere(Winsock winsock) {
        try {
            return TestThreads.start(() -> winsock.wsaStartup(WinsockVersion.V2_2)).get().version();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingAbortsWhatWasAskedForAndWakesWhoWaits() throws Exception {
        CatalogNotification notification = notification();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped overlapped = new HeapOverlapped(event);
        winsock.wsaProviderConfigChange(notification, overlapped, null);
        Running<CatalogNotification> waiting = TestThreads.start(
                () -> winsock.wsaProviderConfigChange(notification, null, null)).awaitParked();
        notification.close();
        notification.close();
        assertThat(overlapped.internal()).isEqualTo(WSA_OPERATION_ABORTED.code());
        assertThat(winsock.waits().waitForSingleEvent(event, 0, false)).isEqualTo(WSA_WAIT_EVENT_0);
        assertThatThrownBy(waiting::get).cause().isInstanceOfSatisfying(
                WinsockException.class, e -> assertThat(e.is(WSA_OPERATION_ABORTED)).isTrue());
        HeapOverlapped late = new HeapOverlapped();
        assertFails(WSAEINVAL, () -> winsock.wsaProviderConfigChange(notification, late, null));
        assertThat(late.isCompleted()).as("a request that was refused is not under way").isTrue();
        assertFails(WSAEINVAL, () -> winsock.wsaProviderConfigChange(notification, null, null));
        changeCatalog();
        assertThat(overlapped.internal()).isEqualTo(WSA_OPERATION_ABORTED.code());
        winsock.wsaCloseEvent(event);
        assertThat(winsock.openHandles().events()).isZero();
    }

    @Test
    void aSinkWhoseStackRunsOverIsReportedAndTheOthersAreTold() throws Exception {
        StackOverflowError broken = new StackOverflowError("broken");
        try (CatalogNotification notification = notification()) {
            winsock.wsaProviderConfigChange(notification, new HeapOverlapped() {
                @Override
                public CompletionSink sink() {
                    return (block, error, bytes) -> {
                        throw broken;
                    };
                }
            }, null);
            HeapOverlapped other = new HeapOverlapped();
            winsock.wsaProviderConfigChange(notification, other, null);
            changeCatalog();
            assertThat(other.isCompleted()).isTrue();
        }
        assertThat(host.reports().failures()).containsExactly(broken);
    }

    @Test
    void theLastCleanUpWakesWhoWaitsAndAbortsTheRestWithoutASign() throws Exception {
        CatalogNotification notification = notification();
        List<Object> told = new CopyOnWriteArrayList<>();
        WsaEvent event = winsock.wsaCreateEvent();
        HeapOverlapped withEvent = new HeapOverlapped(event);
        HeapOverlapped withRoutine = new HeapOverlapped();
        HeapOverlapped withSink = new HeapOverlapped() {
            @Override
            public CompletionSink sink() {
                return (block, error, bytes) -> told.add("sink");
            }
        };
        winsock.wsaProviderConfigChange(notification, withEvent, null);
        winsock.wsaProviderConfigChange(notification, withSink, null);
        winsock.wsaProviderConfigChange(
                notification, withRoutine, (error, bytes, block, flags) -> told.add("routine"));
        Running<CatalogNotification> waiting = TestThreads.start(
                () -> winsock.wsaProviderConfigChange(notification, null, null)).awaitParked();
        winsock.wsaCleanup();
        assertThatThrownBy(waiting::get).cause().isInstanceOfSatisfying(
                WinsockException.class, e -> assertThat(e.is(WSA_OPERATION_ABORTED)).isTrue());
        for (HeapOverlapped block : List.of(withEvent, withRoutine, withSink)) {
            assertThat(block.internal()).isEqualTo(WSA_OPERATION_ABORTED.code());
        }
        changeCatalog();
        assertThat(winsock.waits().waitForSingleEvent(event, 0, true)).isEqualTo(WSA_WAIT_TIMEOUT);
        assertThat(told).isEmpty();
        winsock.wsaStartup(WinsockVersion.V2_2);
        assertFails(WSAEINVAL, () -> winsock.wsaProviderConfigChange(notification, new HeapOverlapped(), null));
        notification.close();
        winsock.waits().closeEvent(event);
        assertThat(winsock.openHandles().events()).isZero();
    }
}
