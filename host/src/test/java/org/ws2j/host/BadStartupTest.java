package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEINPROGRESS;
import static org.ws2j.spi.WsaError.WSAEINVAL;
import static org.ws2j.spi.WsaError.WSAEINVALIDPROCTABLE;
import static org.ws2j.spi.WsaError.WSAEINVALIDPROVIDER;
import static org.ws2j.spi.WsaError.WSAEPROVIDERFAILEDINIT;
import static org.ws2j.spi.WsaError.WSANOTINITIALISED;
import static org.ws2j.spi.WsaError.WSASYSNOTREADY;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.host.fake.FakeModule.Startup;
import org.ws2j.host.fake.NonIfsLayerTable;
import org.ws2j.host.fake.NonIfsTable;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/** Providers that cannot be loaded or started: the client gets the documented error, and the host goes on working. */
@Timeout(60)
final class BadStartupTest {
    private static final WspData DATA = new WspData(WinsockVersion.V2_2, WinsockVersion.V2_2, "bad");

    private final FakeHost host = new FakeHost();
    private final FakeModule good = FakeModule.nonIfs("good");
    private WsaProtocolInfo goodEntry;
    private WsaProtocolInfo badEntry;

    @TempDir
    private Path folder;

    BadStartupTest() throws WinsockException {
    }

    @AfterEach
    void close() {
        host.close();
    }

    private FakeModule start(Startup startup) throws WinsockException {
        FakeModule bad = FakeModule.starting("bad", startup);
        badEntry = host.base(bad, FakeHost.tcp());
        start();
        return bad;
    }

    private void startWithPath(String path) throws WinsockException {
        badEntry = host.catalog()
                .wscInstallProvider(UUID.randomUUID(), path, List.of(FakeHost.tcp()), Map.of()).getFirst();
        start();
    }

    private void start() throws WinsockException {
        goodEntry = host.base(good, FakeHost.udp());
        host.start();
    }

    private void assertRefused(WsaError error) throws WinsockException {
        assertFails(error, () -> host.socket(badEntry));
        assertThat(host.winsock().wsaGetLastError()).isEqualTo(error.code());
        assertFails(error, () -> host.winsock().socket(
                badEntry.addressFamily(), badEntry.socketType(), badEntry.protocol()));
        assertTheHostGoesOn();
    }

    private void assertTheHostGoesOn() throws WinsockException {
        SocketHandle s = host.socket(goodEntry);
        good.table(NonIfsTable.class).socket(s).willReceive((byte) 1);
        assertThat(host.winsock().recv(s, ByteBuffer.allocate(1), 0)).isEqualTo(1);
        host.winsock().closesocket(s);
        assertThat(host.winsock().openHandles().isEmpty()).isTrue();
        host.winsock().wsaCleanup();
        host.winsock().wsaStartup(WinsockVersion.V2_2);
        host.winsock().closesocket(host.socket(goodEntry));
    }

    @Test
    void aStartUpThatThrowsHasFailed() throws Exception {
        for (Throwable thrown : new Throwable[] {new WinsockException(WSASYSNOTREADY),
                new IllegalStateException("bad"), new AssertionError("bad"), new NoClassDefFoundError("bad"),
                new StackOverflowError("bad")}) {
            FakeModule bad = FakeModule.starting("bad", start -> {
                throw Thrower.<RuntimeException, RuntimeException>sneaky(thrown);
            });
            try (FakeHost own = new FakeHost()) {
                WsaProtocolInfo entry = own.base(bad);
                own.start();
                WinsockException failure = catchThrowableOfType(WinsockException.class, () -> own.socket(entry));
                assertThat(failure.is(WSAEPROVIDERFAILEDINIT)).as(thrown.toString()).isTrue();
                assertThat(failure.getCause()).isSameAs(thrown);
            }
        }
    }

    @Test
    void aModuleThatStartsItselfFailsBeforeTheStackEnds() throws Exception {
        FakeModule[] self = new FakeModule[1];
        self[0] = start(start -> self[0].services()
                .catalog()
                .loadProvider("builtin:bad")
                .wspStartup(start.requested(), badEntry, start.upcalls()));
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void afterAStartUpThatThrewTheHostGoesOn() throws Exception {
        start(start -> {
            throw new IllegalStateException("bad");
        });
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aStartUpThatFailedIsTriedAgainAndNotCleanedUp() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        FakeModule module = FakeModule.of("bad", start -> {
            if (fails.get()) {
                throw new WinsockException(WSASYSNOTREADY);
            }
            return new NonIfsTable(start);
        });
        badEntry = host.base(module, FakeHost.tcp());
        start();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(badEntry));
        fails.set(false);
        host.winsock().closesocket(host.socket(badEntry));
        host.winsock().wsaCleanup();
        assertThat(module.starts()).hasSize(2);
        assertThat(module.table(NonIfsTable.class).cleanups()).isEqualTo(1);
    }

    @Test
    void noStartUpDataOrNoTableIsAnInvalidTable() throws Exception {
        start(start -> null);
        assertRefused(WSAEINVALIDPROCTABLE);
    }

    @Test
    void aNullTableIsAnInvalidTable() throws Exception {
        start(start -> new WspStartup(DATA, null));
        assertRefused(WSAEINVALIDPROCTABLE);
    }

    @Test
    void aTableThatLacksAnyFunctionIsInvalidAndCleanedUp() throws Exception {
        for (Method hole : WspProcTable.class.getMethods()) {
            WspProcTable table = HoledTables.without(hole);
            try (FakeHost own = new FakeHost()) {
                WsaProtocolInfo entry = own.base(FakeModule.starting("bad", start -> new WspStartup(DATA, table)));
                own.start();
                WinsockException failure = catchThrowableOfType(WinsockException.class, () -> own.socket(entry));
                assertThat(failure.is(WSAEINVALIDPROCTABLE)).as(hole.getName()).isTrue();
                assertThat(failure).hasMessageContaining(hole.getName());
                if (table instanceof HoledTables.Cleanups cleanups) {
                    assertThat(cleanups.cleanups).hasValue(1);
                }
            }
        }
    }

    @Test
    void aHoleIsSeenUnderTheAuditToo() throws Exception {
        WspProcTable table = HoledTables.without(WspProcTable.class.getMethods()[0]);
        host.configure(WinsockBuilder::auditUpcalls);
        start(start -> new WspStartup(DATA, table));
        assertRefused(WSAEINVALIDPROCTABLE);
    }

    @Test
    void anotherVersionIsAnInvalidProviderAndCleanedUp() throws Exception {
        for (WspData data : new WspData[] {null, new WspData(WinsockVersion.V1_1, WinsockVersion.V2_2, "old"),
                new WspData(new WinsockVersion(2, 1), WinsockVersion.V2_2, "old"),
                new WspData(new WinsockVersion(3, 0), new WinsockVersion(3, 0), "new")}) {
            FakeModule bad = FakeModule.starting("bad", start -> new WspStartup(data, new NonIfsTable(start)));
            try (FakeHost own = new FakeHost()) {
                WsaProtocolInfo entry = own.base(bad);
                own.start();
                assertFails(WSAEINVALIDPROVIDER, () -> own.socket(entry));
                assertThat(bad.table(NonIfsTable.class).cleanups()).isEqualTo(1);
                own.winsock().wsaCleanup();
                assertThat(bad.table(NonIfsTable.class).cleanups()).as("once only").isEqualTo(1);
            }
        }
    }

    @Test
    void afterAnotherVersionTheHostGoesOn() throws Exception {
        start(start -> new WspStartup(null, new NonIfsTable(start)));
        assertRefused(WSAEINVALIDPROVIDER);
    }

    @Test
    void aCleanUpThatThrowsAfterARefusedStartUpIsReported() throws Exception {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("bad"), new AssertionError("bad"),
                new StackOverflowError("bad")}) {
            try (FakeHost own = new FakeHost()) {
                WsaProtocolInfo entry = own.base(
                        FakeModule.starting("bad", start -> new WspStartup(null, new NonIfsTable(start) {
                            @Override
                            public void wspCleanup() {
                                throw Thrower.<RuntimeException, RuntimeException>sneaky(thrown);
                            }
                        })));
                own.start();
                assertFails(WSAEINVALIDPROVIDER, () -> own.socket(entry));
                assertThat(own.reports().failures()).containsExactly(thrown);
            }
        }
    }

    @Test
    void aCleanUpThatThrowsKeepsNoOtherProviderFromItsOwn() throws Exception {
        for (Throwable thrown : new Throwable[] {new WinsockException(WSASYSNOTREADY),
                new IllegalStateException("bad"), new AssertionError("bad"), new StackOverflowError("bad")}) {
            FakeModule bad = FakeModule.of("bad", start -> new NonIfsTable(start) {
                @Override
                public void wspCleanup() {
                    throw Thrower.<RuntimeException, RuntimeException>sneaky(thrown);
                }
            });
            FakeModule other = FakeModule.nonIfs("other");
            try (FakeHost own = new FakeHost()) {
                WsaProtocolInfo otherEntry = own.base(other, FakeHost.udp());
                WsaProtocolInfo entry = own.base(bad, FakeHost.tcp());
                own.start();
                own.socket(otherEntry);
                own.socket(entry);
                own.winsock().wsaCleanup();
                assertThat(other.table(NonIfsTable.class).cleanups()).isEqualTo(1);
                assertThat(own.winsock().openHandles().isEmpty()).isTrue();
                own.winsock().wsaStartup(WinsockVersion.V2_2);
                own.winsock().closesocket(own.socket(entry));
                assertThat(bad.starts()).hasSize(2);
            }
        }
    }

    @Test
    void aModuleThatIsNotThereCannotBeLoaded() throws Exception {
        startWithPath("builtin:nobody");
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aJarThatIsNotThereCannotBeLoaded() throws Exception {
        startWithPath(folder.resolve("nobody.jar").toString());
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aPathThatIsNoneCannotBeLoaded() throws Exception {
        startWithPath(folder.toString());
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aJarThatIsNoJarCannotBeLoaded() throws Exception {
        startWithPath(Files.writeString(folder.resolve("text.jar"), "this is no jar").toString());
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aFileThatIsNoJarByNameCannotBeLoaded() throws Exception {
        startWithPath(Files.writeString(folder.resolve("text.txt"), "this is no jar").toString());
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    private String jar(Map<String, String> entries) throws IOException {
        Path jar = folder.resolve("layer.jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return jar.toString();
    }

    @Test
    void aJarWithoutAModuleCannotBeLoaded() throws Exception {
        startWithPath(jar(Map.of("readme.txt", "nothing")));
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aJarThatNamesAClassItDoesNotHaveCannotBeLoaded() throws Exception {
        startWithPath(jar(Map.of("META-INF/services/" + TransportModule.class.getName(), "org.example.Missing")));
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void aJarWhoseClassIsGarbageCannotBeLoaded() throws Exception {
        startWithPath(jar(Map.of("META-INF/services/" + TransportModule.class.getName(), "org.example.Garbage",
                "org/example/Garbage.class", "no class")));
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    /** A module whose loading a test scripts. */
    private record Module(Throwable thrown) implements TransportModule {
        @Override
        public String name() {
            return "bad";
        }

        @Override
        public TransportProvider load(HostServices services) {
            return thrown == null ? null : Thrower.<RuntimeException, TransportProvider>sneaky(thrown);
        }
    }

    @Test
    void aModuleThatFailsToLoadOrHasNoStartUpFunctionCannotBeLoaded() throws Exception {
        for (Throwable thrown : new Throwable[] {null, new WinsockException(WSASYSNOTREADY),
                new IllegalStateException("bad"), new ExceptionInInitializerError("bad"),
                new StackOverflowError("bad")}) {
            try (FakeHost own = new FakeHost()) {
                own.configure(builder -> builder.module(new Module(thrown)));
                WsaProtocolInfo entry = own.catalog().wscInstallProvider(
                        UUID.randomUUID(), "builtin:bad", List.of(FakeHost.tcp()), Map.of()).getFirst();
                own.start();
                assertFails(WSAEPROVIDERFAILEDINIT, () -> own.socket(entry));
            }
        }
    }

    @Test
    void aChainWhoseLowerElementIsGoneCannotBeStarted() throws Exception {
        FakeModule layer = FakeModule.nonIfsLayer("layer");
        WsaProtocolInfo base = host.base(FakeModule.nonIfs("gone"), FakeHost.tcp());
        badEntry = host.chain(layer, base);
        host.catalog().wscDeinstallProvider(base.providerId());
        start();
        assertRefused(WSAEPROVIDERFAILEDINIT);
    }

    @Test
    void anEntryThatIsNotInTheCatalogAnswersInvalid() throws Exception {
        start(start -> null);
        WsaProtocolInfo unknown = badEntry.toBuilder().catalogEntryId(4711).build();
        assertFails(WSAEINVAL, () -> host.socket(unknown));
        assertTheHostGoesOn();
    }

    @Test
    void aProviderThatMakesASocketOfItselfWhileItStartsIsTurnedAway() throws Exception {
        start(start -> {
            assertFails(WSAEINPROGRESS, () -> host.socket(start.info()));
            return new WspStartup(DATA, new NonIfsTable(start));
        });
        host.winsock().closesocket(host.socket(badEntry));
        assertTheHostGoesOn();
    }

    @Test
    void whatALayerStartedBelowItselfIsForgottenWithTheLayerThatWasRefused() throws Exception {
        FakeModule base = FakeModule.of("base", start -> new NonIfsTable(start) {
            @Override
            public void wspShutdown(SocketHandle s, int how) throws WinsockException {
                if (cleanups() > 0) {
                    throw new WinsockException(WSANOTINITIALISED);
                }
            }
        });
        FakeModule layer = FakeModule.starting("layer", start -> new WspStartup(
                new WspData(new WinsockVersion(2, 0), WinsockVersion.V2_2, "old"), new NonIfsLayerTable(start)));
        try (FakeHost own = new FakeHost()) {
            List<WsaProtocolInfo> entries = own.bases(base, FakeHost.tcp(), FakeHost.udp());
            WsaProtocolInfo chain = own.chain(layer, entries.getFirst());
            own.start();
            assertFails(WSAEINVALIDPROVIDER, () -> own.socket(chain));
            own.winsock().shutdown(own.socket(entries.getLast()), 0);
            own.winsock().shutdown(own.socket(entries.getFirst()), 0);
        }
    }

    @Test
    void aRefusedStartOfAModuleLeavesTheStartedOneThatHasTheSameTable() throws Exception {
        NonIfsTable[] shared = new NonIfsTable[1];
        FakeModule base = FakeModule.starting("base", start -> {
            boolean first = shared[0] == null;
            shared[0] = first ? new NonIfsTable(start) : shared[0];
            return new WspStartup(first ? DATA : null, shared[0]);
        });
        try (FakeHost own = new FakeHost()) {
            WsaProtocolInfo good = own.base(base, FakeHost.tcp());
            WsaProtocolInfo refused = own.base(base, FakeHost.udp());
            own.start();
            own.socket(good);
            assertFails(WSAEINVALIDPROVIDER, () -> own.socket(refused));
            assertThat(base.upcalls().wpuCreateSocketHandle(good.catalogEntryId(), null)).isNotNull();
        }
    }
}
