package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.UDP;
import static org.ws2j.host.catalog.Entries.ids;
import static org.ws2j.host.catalog.Entries.refused;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** One file, several writers: threads, catalog objects, processes. */
@Timeout(60)
final class CatalogFileSharingTest {

    private static final int CHANGES = 15;

    @TempDir
    private Path directory;

    /** What a process of its own does: installs, each under another GUID. */
    public static void main(String[] arguments) throws WinsockException {
        installMany(ProtocolCatalog.open(Path.of(arguments[0]), List.of()), Integer.parseInt(arguments[1]));
    }

    private static List<Integer> installMany(ProtocolCatalog catalog, int writer) throws WinsockException {
        List<Integer> given = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            given.addAll(ids(catalog.wscInstallProvider(new UUID(writer, i), "p", List.of(TCP, UDP), Map.of())));
        }
        return given;
    }

    private static void assertNoChangeIsLost(ProtocolCatalog catalog, int writers) throws WinsockException {
        List<WsaProtocolInfo> all = catalog.wscEnumProtocols();
        assertThat(all).hasSize(writers * CHANGES * 2);
        assertThat(ids(all)).doesNotHaveDuplicates().isSorted();
        assertThat(all.stream().map(WsaProtocolInfo::providerId).distinct()).hasSize(writers * CHANGES);
    }

    @Test
    void threadsWithOneAndWithSeveralCatalogObjectsLoseNoChange() throws Exception {
        Path file = directory.resolve("catalog.json");
        ProtocolCatalog shared = ProtocolCatalog.open(file, List.of());
        List<Integer> given = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Integer>>> writers = new ArrayList<>();
            writers.add(threads.submit(() -> installMany(shared, 1)));
            writers.add(threads.submit(() -> installMany(shared, 2)));
            writers.add(threads.submit(() -> installMany(ProtocolCatalog.open(file, List.of()), 3)));
            for (Future<List<Integer>> writer : writers) {
                given.addAll(writer.get());
            }
        }
        assertThat(given).doesNotHaveDuplicates();
        assertNoChangeIsLost(shared, 3);
    }

    @Test
    void threadsLoseNoChangeInMemoryEither() throws Exception {
        ProtocolCatalog shared = ProtocolCatalog.empty();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Integer>> one = threads.submit(() -> installMany(shared, 1));
            Future<List<Integer>> two = threads.submit(() -> installMany(shared, 2));
            assertThat(one.get()).doesNotContainAnyElementsOf(two.get());
        }
        assertNoChangeIsLost(shared, 2);
    }

    @Test
    void readersSeeWholeStatesWhileOthersWrite() throws Exception {
        Path file = directory.resolve("catalog.json");
        ProtocolCatalog reader = ProtocolCatalog.open(file, List.of());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Integer>> writer =
                    threads.submit(() -> installMany(ProtocolCatalog.open(file, List.of()), 1));
            int seen = 0;
            while (!writer.isDone()) {
                int now = reader.wscEnumProtocols().size();
                assertThat(now).isGreaterThanOrEqualTo(seen).isEven();
                seen = now;
            }
            assertThat(writer.get()).hasSize(CHANGES * 2);
        }
        assertNoChangeIsLost(reader, 1);
    }

    @Test
    void processesWithSeveralThreadsLoseNoChange() throws Exception {
        Path file = directory.resolve("catalog.json");
        Process one = process(file, 1);
        Process two = process(file, 2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // A process takes a while to begin; all are to write at the same time.
            ProtocolCatalog watched = ProtocolCatalog.open(file, List.of());
            while (watched.wscEnumProtocols().isEmpty() && one.isAlive() && two.isAlive()) {
                Thread.onSpinWait();
            }
            Future<List<Integer>> three = threads.submit(() -> installMany(ProtocolCatalog.open(file, List.of()), 3));
            Future<List<Integer>> four = threads.submit(() -> installMany(ProtocolCatalog.open(file, List.of()), 4));
            assertThat(three.get()).doesNotContainAnyElementsOf(four.get());
            assertThat(one.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(two.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(one.exitValue()).isZero();
            assertThat(two.exitValue()).isZero();
            assertNoChangeIsLost(ProtocolCatalog.open(file, List.of()), 4);
        } finally {
            one.destroyForcibly();
            two.destroyForcibly();
        }
    }

    @Test
    void aProcessThatIsKilledWhileItWritesLeavesAGoodFile() throws Exception {
        Path file = directory.resolve("catalog.json");
        ProtocolCatalog mine = ProtocolCatalog.open(file, List.of());
        mine.wscInstallProvider(BASE, "p", List.of(TCP, UDP), Map.of());
        Process killed = process(file, 1);
        try {
            while (killed.isAlive() && mine.wscEnumProtocols().size() < 8) {
                Thread.onSpinWait();
            }
        } finally {
            killed.destroyForcibly();
        }
        assertThat(killed.waitFor(40, TimeUnit.SECONDS)).isTrue();
        int left = mine.wscEnumProtocols().size();
        assertThat(left).isGreaterThanOrEqualTo(8).isEven();
        installMany(mine, 2);
        assertThat(mine.wscEnumProtocols()).hasSize(left + CHANGES * 2);
    }

    @Test
    void interruptsAtAnyMomentLoseNoChange() throws Exception {
        ProtocolCatalog catalog = ProtocolCatalog.open(directory.resolve("catalog.json"), List.of());
        FutureTask<List<Integer>> installing = new FutureTask<>(() -> installMany(catalog, 1));
        Thread writer = Thread.ofPlatform().start(installing);
        while (!installing.isDone()) {
            writer.interrupt();
            Thread.onSpinWait();
        }
        assertThat(installing.get()).hasSize(CHANGES * 2);
        assertNoChangeIsLost(catalog, 1);
    }

    @Test
    void lockThatIsNotGivenUpAnswersInProgress() throws Exception {
        Path lockFile = directory.resolve("catalog.json.lock");
        FileMutex patient = new FileMutex(lockFile, 2);
        try (FileChannel channel =
                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(refused(WsaError.WSAEINPROGRESS, () -> patient.hold(() -> "not reached")))
                    .hasMessageContaining("catalog.json.lock");
        }
        assertThat(patient.hold(() -> "reached")).isEqualTo("reached");
    }

    private static Process process(Path file, int writer) throws IOException {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CatalogFileSharingTest.class.getName(),
                file.toString(),
                Integer.toString(writer))
                .inheritIO()
                .start();
    }
}
