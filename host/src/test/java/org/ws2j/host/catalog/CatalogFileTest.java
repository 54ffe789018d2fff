package org.ws2j.host.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ws2j.host.catalog.Entries.BASE;
import static org.ws2j.host.catalog.Entries.LAYER;
import static org.ws2j.host.catalog.Entries.OTHER;
import static org.ws2j.host.catalog.Entries.RAW;
import static org.ws2j.host.catalog.Entries.TCP;
import static org.ws2j.host.catalog.Entries.UDP;
import static org.ws2j.host.catalog.Entries.ids;
import static org.ws2j.host.catalog.Entries.module;
import static org.ws2j.host.catalog.Entries.refused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** The file, its backup, and what crashes and other processes do to them. */
@Timeout(30)
final class CatalogFileTest {

    @TempDir
    private Path directory;

    private Path file;

    private Path backup;

    @BeforeEach
    void nameFiles() {
        file = directory.resolve("catalog.json");
        backup = directory.resolve("catalog.json.bak");
    }

    private ProtocolCatalog open() throws WinsockException {
        return ProtocolCatalog.open(file, List.of());
    }

    private ProtocolCatalog withBase() throws WinsockException {
        ProtocolCatalog catalog = open();
        catalog.wscInstallProvider(BASE, "base.jar", List.of(TCP, UDP), Map.of());
        return catalog;
    }

    @Test
    void everythingIsReadBackAsItWasWritten() throws WinsockException {
        ProtocolCatalog catalog = open();
        WsaProtocolInfo odd = RAW.toBuilder()
                .serviceFlags1(0xfff00003)
                .providerFlags(0x80000004)
                .version(-7)
                .securityScheme(1)
                .networkByteOrder(1)
                .messageSize(-1)
                .providerReserved(0xcafebabe)
                .protocolName("\"quoted\" \\ \u00fc \u4e2d \ud83d\ude00 \n")
                .build();
        catalog.wscInstallProvider(BASE, "%HOME%\\base dir\\b.jar", List.of(TCP, odd), Map.of("k=", "v\n", "a", ""));
        catalog.wscInstallProviderAndChains(LAYER, "layer.jar", "trace", 0, List.of(TCP), Map.of("file", "x"));
        catalog.pin(1001, "0123456789abcdef".repeat(4));
        CatalogState written = CatalogFile.at(file, CatalogState.EMPTY).read();
        assertThat(ids(written.wscEnumProtocols())).containsExactly(1004, 1001, 1002, 1003);
        assertThat(written.wscEnumProtocols()).isEqualTo(catalog.wscEnumProtocols());
        assertThat(written.options(1002)).isEqualTo(Map.of("k=", "v\n", "a", ""));
        assertThat(written.entry(1001).orElseThrow().sha256()).isEqualTo("0123456789abcdef".repeat(4));
        assertThat(written.entry(1004).orElseThrow().installedWith()).isEqualTo(LAYER);
        assertThat(written.nextId()).isEqualTo(1005);
    }

    @Test
    void fileIsForPeople() throws IOException {
        withBase();
        assertThat(Files.readString(file))
                .contains("\n  \"format\" : 1,\n")
                .contains("\"name\" : \"Test [TCP/IP]\"")
                .contains("\"XP1_GUARANTEED_DELIVERY\", \"XP1_GUARANTEED_ORDER\"")
                .contains("\"PFL_MATCHES_PROTOCOL_ZERO\"")
                .endsWith("}\n");
    }

    @Test
    void catalogIsTheDefaultOneUntilTheFirstChangeWritesTheFile() throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.open(file, List.of(module("tcpip", TCP)));
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1001);
        assertThat(file).doesNotExist();
        catalog.wscInstallProvider(OTHER, "p", List.of(UDP), Map.of());
        assertThat(ids(open().wscEnumProtocols())).containsExactly(1001, 1002);
    }

    @Test
    void missingDirectoryIsMade() throws WinsockException {
        file = directory.resolve("a/b/catalog.json");
        withBase();
        assertThat(file).isRegularFile();
    }

    @Test
    void idsAreNotGivenTwiceAfterReopening() throws WinsockException {
        withBase().wscDeinstallProvider(BASE);
        assertThat(ids(open().wscInstallProvider(BASE, "p", List.of(TCP), Map.of()))).containsExactly(1003);
    }

    @Test
    void changeByAnotherIsSeenByLiveReadsAndTold() throws WinsockException {
        Catalog mine = Catalog.open(CatalogFile.at(file, CatalogState.EMPTY));
        CatalogState snapshot = mine.snapshot();
        AtomicInteger told = new AtomicInteger();
        mine.watch(told::incrementAndGet);
        withBase();
        assertThat(mine.snapshot().entries()).hasSize(2);
        assertThat(snapshot.entries()).isEmpty();
        assertThat(told).hasValue(1);
    }

    @Test
    void changeIsMadeToWhatAnotherWroteLast() throws WinsockException {
        ProtocolCatalog mine = open();
        withBase();
        refused(WsaError.WSANO_RECOVERY, () -> mine.wscInstallProvider(BASE, "p", List.of(TCP), Map.of()));
        assertThat(ids(mine.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of()))).containsExactly(1003);
    }

    @Test
    void editByHandIsSeen() throws IOException {
        ProtocolCatalog catalog = withBase();
        Files.writeString(file, Files.readString(file).replace("Test [UDP/IP]", "renamed by hand"));
        assertThat(catalog.wscEnumProtocols(17).getFirst().protocolName()).isEqualTo("renamed by hand");
    }

    @Test
    void unchangedFileIsTheSameState() throws WinsockException {
        withBase();
        CatalogFile store = CatalogFile.at(file, CatalogState.EMPTY);
        assertThat(store.read()).isSameAs(store.read());
    }

    @Test
    void leftoverOfACrashBeforeTheReplacementIsOverwritten() throws IOException {
        ProtocolCatalog catalog = withBase();
        Path leftover = directory.resolve("catalog.json.tmp");
        Files.writeString(leftover, "{ \"format\" : 1, \"nex");
        Files.writeString(directory.resolve("catalog.json.bak.tmp"), "");
        assertThat(ids(open().wscEnumProtocols())).containsExactly(1001, 1002);
        catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of());
        assertThat(ids(open().wscEnumProtocols())).containsExactly(1001, 1002, 1003);
        assertThat(leftover).doesNotExist();
    }

    @Test
    void refusedChangeDoesNotTouchTheFile() throws IOException {
        ProtocolCatalog catalog = withBase();
        String before = Files.readString(file);
        refused(WsaError.WSAEINVAL, () -> catalog.wscDeinstallProvider(OTHER));
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void truncatedFileGivesAClearErrorWhereverItEnds() throws IOException {
        withBase();
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 2; length += 37) {
            Files.write(file, Arrays.copyOf(whole, length));
            WinsockException broken = refused(WsaError.WSASYSCALLFAILURE, this::open);
            assertThat(broken).hasMessageContaining(file.toRealPath().toString()).hasMessageContaining("line ");
        }
    }

    @Test
    void errorNamesFilePlaceBackupAndWayOut() throws IOException {
        ProtocolCatalog catalog = withBase();
        Files.writeString(file, "{\n  \"format\" : 1,\n  \"colour\" : \"red\"\n}\n");
        WinsockException broken = refused(WsaError.WSASYSCALLFAILURE, catalog::wscEnumProtocols);
        assertThat(broken)
                .hasMessageContaining("catalog.json is broken in line 3, column 3")
                .hasMessageContaining("\"colour\"")
                .hasMessageContaining("catalog.json.bak")
                .hasMessageContaining("restoreBackup");
    }

    @Test
    void brokenFileIsNeverOverwrittenByAChange() throws IOException {
        ProtocolCatalog catalog = withBase();
        Files.writeString(file, "nonsense");
        refused(
                WsaError.WSASYSCALLFAILURE,
                () -> catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of()));
        assertThat(Files.readString(file)).isEqualTo("nonsense");
        assertThat(Files.readString(backup)).contains("base.jar");
    }

    @Test
    void restoringTheBackupBringsTheLastGoodStateBackAndKeepsTheEditedText() throws IOException {
        ProtocolCatalog catalog = withBase();
        catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of());
        List<WsaProtocolInfo> good = catalog.wscEnumProtocols();
        Files.writeString(file, "nonsense");
        ProtocolCatalog.restoreBackup(file);
        assertThat(catalog.wscEnumProtocols()).isEqualTo(good);
        assertThat(open().wscEnumProtocols()).isEqualTo(good);
        assertThat(directory.resolve("catalog.json.replaced")).hasContent("nonsense");
    }

    @Test
    void restoringOverAReadableFileGivesNoIdTwice() throws IOException {
        ProtocolCatalog catalog = withBase();
        Files.writeString(file, Files.readString(file).replace("\"nextId\" : 1003", "\"nextId\" : 2000"));
        ProtocolCatalog.restoreBackup(file);
        assertThat(ids(catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of()))).containsExactly(2000);
    }

    @Test
    void missingFileWithABackupIsAnErrorAndCanBeRestored() throws IOException {
        ProtocolCatalog catalog = withBase();
        Files.delete(file);
        assertThat(refused(WsaError.WSASYSCALLFAILURE, this::open)).hasMessageContaining("is missing");
        refused(WsaError.WSASYSCALLFAILURE, catalog::wscEnumProtocols);
        ProtocolCatalog.restoreBackup(file);
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1001, 1002);
    }

    @Test
    void restoringWithoutAGoodBackupIsAnErrorAndChangesNothing() throws IOException {
        refused(WsaError.WSASYSCALLFAILURE, () -> ProtocolCatalog.restoreBackup(file));
        withBase();
        String before = Files.readString(file);
        Files.writeString(backup, "[]");
        assertThat(refused(WsaError.WSASYSCALLFAILURE, () -> ProtocolCatalog.restoreBackup(file)))
                .hasMessageContaining("catalog.json.bak is broken in line 1");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void runningCatalogKeepsItsLastGoodState() throws IOException {
        withBase();
        Catalog catalog = Catalog.open(CatalogFile.at(file, CatalogState.EMPTY));
        Files.writeString(file, "nonsense");
        refused(WsaError.WSASYSCALLFAILURE, catalog::snapshot);
        assertThat(catalog.lastGood().entries()).hasSize(2);
    }

    @Test
    void fileThatCannotBeWrittenAnswersNoRecoveryAndStaysAsItWas() throws IOException {
        ProtocolCatalog catalog = withBase();
        String before = Files.readString(file);
        Files.createDirectories(directory.resolve("catalog.json.tmp/in the way"));
        refused(
                WsaError.WSANO_RECOVERY,
                () -> catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of()));
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(ids(catalog.wscEnumProtocols())).containsExactly(1001, 1002);
    }

    @Test
    void backupGoesBackIfTheFileCannotBeReplaced() throws IOException {
        ProtocolCatalog catalog = open();
        Files.createDirectories(file.resolve("in the way"));
        assertThatCode(() -> catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of()))
                .isInstanceOf(WinsockException.class);
        assertThat(backup).doesNotExist();
    }

    @Test
    void permissionsOfTheFileAreKept() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        ProtocolCatalog catalog = withBase();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        catalog.setOptions(1001, Map.of("secret", "x"));
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void linkToTheFileStaysALink() throws IOException {
        withBase();
        Path link = directory.resolve("link.json");
        Files.createSymbolicLink(link, file);
        ProtocolCatalog.open(link, List.of()).wscDeinstallProvider(BASE);
        assertThat(link).isSymbolicLink();
        assertThat(open().wscEnumProtocols()).isEmpty();
    }

    @Test
    void interruptedThreadCanReadAndChangeAndStaysInterrupted() throws WinsockException {
        ProtocolCatalog catalog = withBase();
        Thread.currentThread().interrupt();
        try {
            catalog.wscInstallProvider(OTHER, "p", List.of(TCP), Map.of());
            assertThat(open().wscEnumProtocols()).hasSize(3);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void backupHasThePermissionsOfTheFile() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        ProtocolCatalog catalog = withBase();
        for (boolean hasBackup : new boolean[] {true, false}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            if (hasBackup) {
                Files.setPosixFilePermissions(backup, PosixFilePermissions.fromString("rw-r--r--"));
            } else {
                Files.delete(backup);
            }
            catalog.setOptions(1001, Map.of("secret", "" + hasBackup));
            assertThat(Files.getPosixFilePermissions(backup))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void restoredFileHasThePermissionsOfTheBackup() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        withBase();
        Files.setPosixFilePermissions(backup, PosixFilePermissions.fromString("rw-------"));
        Files.delete(file);
        ProtocolCatalog.restoreBackup(file);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void changeIsMadeThoughTheDirectoryCannotBeOpened() throws IOException {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("posix"));
        ProtocolCatalog catalog = open();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("-wx------"));
        try {
            assumeTrue(!Files.isReadable(directory), "root may read everything");
            catalog.wscInstallProvider(BASE, "p", List.of(TCP), Map.of());
            catalog.wscInstallProvider(OTHER, "p", List.of(UDP), Map.of());
            assertThat(ids(open().wscEnumProtocols())).containsExactly(1001, 1002);
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void fileThatCameAndWentBetweenTwoReadsIsMissing() throws IOException {
        ProtocolCatalog catalog = open();
        assertThat(catalog.wscEnumProtocols()).isEmpty();
        withBase();
        Files.delete(file);
        refused(WsaError.WSASYSCALLFAILURE, catalog::wscEnumProtocols);
        Files.delete(backup);
        assertThat(catalog.wscEnumProtocols()).isEmpty();
    }
}
