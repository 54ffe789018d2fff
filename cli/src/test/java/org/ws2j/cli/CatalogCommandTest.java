package org.ws2j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.ExitCode;

@Timeout(30)
final class CatalogCommandTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void chooseFile() {
        file = folder.resolve("catalog.json");
    }

    @Test
    void withoutAFileTheListIsThatOfTheDefaultCatalog() {
        assertThat(done("list")).contains("tcpip [TCP/IP]", "tcpip [UDP/IPv6]", "builtin:tcpip");
        assertThat(file).doesNotExist();
    }

    @Test
    void chainsComeFirstAndKeepTheirOptions() throws WinsockException {
        assertThat(done("chain", "builtin:trace", "trace", "--over", "1001,1002", "--option", "file=x=y.pcapng"))
                .contains("added 1006  trace over [tcpip [TCP/IP]]");

        List<WsaProtocolInfo> entries = entries();
        assertThat(entries).hasSize(7);
        assertThat(entries.getFirst().protocolChain().chainEntries()).containsExactly(1005, 1001);
        assertThat(ProtocolCatalog.open(file).options(1006)).isEqualTo(Map.of("file", "x=y.pcapng"));
        assertThat(done("list")).contains("1005 > 1001", "file=x=y.pcapng");
    }

    @Test
    void theJsonListHasAnObjectForEachEntry() {
        done("chain", "builtin:trace", "trace", "--over", "1001");

        assertThat(done("list", "--json")).startsWith("[").contains(
                "\"name\" : \"trace over [tcpip [TCP/IP]]\"", "\"kind\" : \"chain\"", "\"kind\" : \"layer\"",
                "\"kind\" : \"base\"", "\"path\" : \"builtin:trace\"");
    }

    @Test
    void theEntriesNamedComeFirstAndTheOthersFollow() throws WinsockException {
        assertThat(done("order", "1004", "1002")).startsWith("1. 1004");

        assertThat(ids()).containsExactly(1004, 1002, 1001, 1003);
    }

    @Test
    void optionsAreSetRemovedAndPrinted() {
        assertThat(done("options", "1001", "a=1", "b=2").lines()).containsExactly("a=1", "b=2");
        assertThat(done("options", "1001", "a=").lines()).containsExactly("b=2");
        assertThat(done("options", "1001").lines()).containsExactly("b=2");
    }

    @Test
    void thePathIsPrintedAsItWasInstalled() {
        done("chain", "%HOME%/layer.jar", "mine", "--over", "1001");

        assertThat(done("path", "1006").strip()).isEqualTo("%HOME%/layer.jar");
    }

    @Test
    void removingALayerRemovesItsChains() throws WinsockException {
        done("chain", "builtin:trace", "trace", "--over", "1001,1002");

        assertThat(done("remove", "1005").lines()).hasSize(3).allMatch(line -> line.startsWith("removed 100"));
        assertThat(ids()).containsExactly(1001, 1002, 1003, 1004);
    }

    @Test
    void aBaseProviderIsAddedAgainAfterItWasRemoved() throws WinsockException {
        done("remove", "1003");
        assertThat(ids()).isEmpty();

        assertThat(done("add", "builtin:tcpip").lines()).hasSize(4);
        assertThat(entries()).extracting(WsaProtocolInfo::protocolName).contains("tcpip [TCP/IP]");
    }

    @Test
    void aBaseProviderIsAddedFromAJar() throws IOException {
        Path jar = jar();

        assertThat(done("add", jar + "!carrier-pigeon")).contains("pigeons");
        assertThat(entries().getLast().protocolName()).isEqualTo("pigeons");
        assertThat(done("path", "1005").strip()).isEqualTo(jar + "!carrier-pigeon");
    }

    @Test
    void aRelativePathIsStoredAsAnAbsoluteOne() throws IOException {
        Path jar = jar();
        String relative = Path.of("").toAbsolutePath().relativize(jar).toString();
        String absolute = Path.of(relative).toAbsolutePath().toString();

        done("add", relative);
        assertThat(done("path", "1005").strip()).isEqualTo(absolute);
        done("chain", relative, "mine", "--over", "1001");
        assertThat(done("path", "1007").strip()).isEqualTo(absolute);
    }

    @Test
    void aLayerIsNoBaseProvider() {
        assertThat(refused("add", "builtin:trace")).contains("ws2 catalog chain");
    }

    @Test
    void aModuleThatIsNotThereIsRefusedWithTheNamesOfThoseThatAre() {
        assertThat(refused("add", "builtin:none")).contains("builtin:none", "there is no module of that name", "tcpip");
        assertThat(refused("add", folder.resolve("no.jar").toString())).contains("no.jar");
    }

    @Test
    void anEntryThatIsNotThereIsNamed() {
        assertThat(refused("remove", "77")).contains("no entry 77", "ws2 catalog list", file.toString());
        assertThat(refused("order", "1001", "77")).contains("no entry 77");
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileEditedToNonsenseIsRestored() throws IOException {
        done("options", "1001", "a=1");
        Files.writeString(file, "nonsense");
        assertThat(refused("list")).contains("nonsense", "ws2 catalog restore");

        done("restore");

        assertThat(done("options", "1001").strip()).isEqualTo("a=1");
        assertThat(folder.resolve("catalog.json.replaced")).hasContent("nonsense");
    }

    @Test
    void aFileThatIsMissingIsRestoredWithoutTellingOfWhatWasInIt() throws IOException {
        done("options", "1001", "a=1");
        Files.delete(file);
        assertThat(refused("list")).contains("is missing", "ws2 catalog restore");

        assertThat(done("restore")).contains("restored").doesNotContain("replaced");
        assertThat(done("options", "1001").strip()).isEqualTo("a=1");
    }

    @Test
    void withoutABackupRestoringSaysSoAndDoesNotAdviseToRestore() {
        assertThat(refused("restore")).contains("there is no backup").doesNotContain("brings");
    }

    @Test
    void aLayerThatDoesNotComeWithTheCommandIsInstalledWithAWarning() throws WinsockException {
        CommandRun run = run("chain", "builtin:mine", "mine", "--over", "1001");

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("builtin:mine", "trace");
        assertThat(entries()).extracting(WsaProtocolInfo::protocolName).contains("mine");
    }

    @Test
    void withoutASubcommandItIsAUsageError() {
        CommandRun run = CommandRun.of("catalog");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("list");
    }

    @Test
    void theFileLiesWhereTheEnvironmentSays() {
        Path home = Path.of("home");
        Path inHome = home.resolve(".config").resolve("ws2j").resolve("catalog.json");

        assertThat(CatalogAction.defaultFile(Map.of("WS2J_CATALOG", "a.json", "XDG_CONFIG_HOME", "x")::get, "home"))
                .isEqualTo(Path.of("a.json"));
        assertThat(CatalogAction.defaultFile(Map.of("XDG_CONFIG_HOME", "x")::get, "home"))
                .isEqualTo(Path.of("x", "ws2j", "catalog.json"));
        assertThat(CatalogAction.defaultFile(Map.of("XDG_CONFIG_HOME", "")::get, "home")).isEqualTo(inHome);
        assertThat(CatalogAction.defaultFile(name -> null, "home")).isEqualTo(inHome);
    }

    private String done(String... arguments) {
        CommandRun run = run(arguments);
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.err()).isEmpty();
        return run.out();
    }

    private String refused(String... arguments) {
        CommandRun run = run(arguments);
        assertThat(run.code()).as("%s", run).isEqualTo(ExitCode.SOFTWARE);
        assertThat(run.out()).isEmpty();
        return run.err();
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("catalog"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--catalog", file.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private List<WsaProtocolInfo> entries() throws WinsockException {
        return ProtocolCatalog.open(file).wscEnumProtocols();
    }

    private List<Integer> ids() throws WinsockException {
        return entries().stream().map(WsaProtocolInfo::catalogEntryId).toList();
    }

    private Path jar() throws IOException {
        Path jar = folder.resolve("pigeon.jar");
        String name = Pigeon.class.getName();
        String resource = name.replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream bytes = Pigeon.class.getClassLoader().getResourceAsStream(resource)) {
            out.putNextEntry(new JarEntry("META-INF/services/" + TransportModule.class.getName()));
            out.write(name.getBytes(UTF_8));
            out.putNextEntry(new JarEntry(resource));
            bytes.transferTo(out);
        }
        return jar;
    }

    /** The module in the jar of the tests. */
    public static final class Pigeon implements TransportModule {
        /** For the service loader. */
        public Pigeon() {}

        @Override
        public String name() {
            return "carrier-pigeon";
        }

        @Override
        public List<WsaProtocolInfo> protocols() {
            return List.of(WsaProtocolInfo.builder().protocolName("pigeons").build());
        }

        @Override
        public TransportProvider load(HostServices services) throws WinsockException {
            throw new WinsockException(WsaError.WSASYSNOTREADY, "no pigeon at home");
        }
    }
}
