package org.ws2j.host.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEPROVIDERFAILEDINIT;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.host.Winsock;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** Modules in jars: how a path names one, and what keeps a wrong one out. */
@Timeout(60)
final class JarModuleTest {
    @TempDir
    Path dir;

    private final FakeHost host = new FakeHost();

    JarModuleTest() throws WinsockException {}

    @AfterEach
    void close() {
        host.close();
    }

    private ModuleJars jars() {
        return new ModuleJars(dir);
    }

    private WsaProtocolInfo install(String path) throws WinsockException {
        return host.catalog()
                .wscInstallProvider(UUID.randomUUID(), path, List.of(FakeHost.tcp()), Map.of())
                .getFirst();
    }

    private Object answerOf(WsaProtocolInfo entry) throws WinsockException {
        return host.winsock().getsockopt(host.socket(entry), 0, 0);
    }

    @Test
    void aJarTellsItsModuleAsAServiceOrInItsDescriptor() throws Exception {
        Path services = jars().withServices("services.jar", "first");
        Path descriptor = jars().withDescriptor("descriptor.jar", "second");
        WsaProtocolInfo first = install(services.toString());
        WsaProtocolInfo second = install(descriptor.toString());
        WsaProtocolInfo named = install(descriptor + "!second");
        host.start();
        assertThat(answerOf(first)).isEqualTo("first 1");
        assertThat(answerOf(second)).isEqualTo("second 1");
        assertThat(answerOf(named)).isEqualTo("second 1");
        assertThat(host.winsock().providerOf(host.socket(first))).isEqualTo(services.toString());
    }

    @Test
    void aJarWithSeveralModulesNeedsAName() throws Exception {
        Path jar = jars().withServices("two.jar", "first", "second");
        WsaProtocolInfo bare = install(jar.toString());
        WsaProtocolInfo first = install(jar + "!first");
        WsaProtocolInfo second = install(jar + "!second");
        WsaProtocolInfo third = install(jar + "!third");
        host.start();
        WinsockException refused = catchThrowableOfType(WinsockException.class, () -> host.socket(bare));
        assertThat(refused.is(WSAEPROVIDERFAILEDINIT)).isTrue();
        assertThat(refused).hasMessageContaining("first").hasMessageContaining("second");
        assertThat(answerOf(first)).isEqualTo("first 1");
        assertThat(answerOf(second)).isEqualTo("second 1");
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(third));
    }

    @Test
    void eachJarHasAClassLoaderOfItsOwnAndIsLoadedOnce() throws Exception {
        Path one = jars().withServices("one.jar", "same");
        Path other = Files.copy(one, dir.resolve("other.jar"));
        WsaProtocolInfo first = install(one.toString());
        WsaProtocolInfo again = install(one.toString());
        WsaProtocolInfo second = install(other.toString());
        host.start();
        assertThat(answerOf(first)).isEqualTo("same 1");
        assertThat(answerOf(again)).isEqualTo("same 2");
        assertThat(answerOf(second)).isEqualTo("same 1");
        assertThat(answerOf(first)).isEqualTo("same 3");
    }

    @Test
    void aPathMayReferToTheEnvironment() throws Exception {
        jars().withServices("module.jar", "first");
        WsaProtocolInfo entry = install("%MODULES%" + File.separator + "module.jar");
        WsaProtocolInfo unknown = install("%NOWHERE%" + File.separator + "module.jar");
        host.configure(builder -> builder.environment(Map.of("MODULES", dir.toString())::get));
        host.start();
        assertThat(answerOf(entry)).isEqualTo("first 1");
        assertThat(host.winsock().services().catalog().wscGetProviderPath(entry.providerId())).startsWith("%MODULES%");
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(unknown));
    }

    @Test
    void whatIsNoModuleFailsToInitialise() throws Exception {
        Path text = Files.writeString(dir.resolve("text.jar"), "this is no jar");
        WsaProtocolInfo garbage = install(text.toString());
        WsaProtocolInfo missing = install(dir.resolve("missing.jar").toString());
        WsaProtocolInfo folder = install(dir.toString());
        WsaProtocolInfo empty = install(jars().empty("empty.jar").toString());
        host.start();
        for (WsaProtocolInfo entry : List.of(garbage, missing, folder, empty)) {
            assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(entry));
        }
        assertThat(host.winsock().wsaGetLastError()).isEqualTo(WSAEPROVIDERFAILEDINIT.code());
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void aModuleThatIsPinnedIsLoadedIfItsDigestIsRight() throws Exception {
        Path jar = jars().withServices("pinned.jar", "first");
        WsaProtocolInfo entry = install(jar + "!first");
        host.catalog().pin(entry.catalogEntryId(), sha256(jar).toUpperCase(Locale.ROOT));
        host.start();
        assertThat(answerOf(entry)).isEqualTo("first 1");
    }

    @Test
    void aModuleWithAnotherDigestThanItsPinIsNotLoaded() throws Exception {
        Path jar = jars().withServices("pinned.jar", "first");
        WsaProtocolInfo entry = install(jar.toString());
        host.catalog().pin(entry.catalogEntryId(), "00".repeat(32));
        Winsock winsock = host.start();
        WinsockException refused = catchThrowableOfType(WinsockException.class, () -> host.socket(entry));
        assertThat(refused.is(WSAEPROVIDERFAILEDINIT)).isTrue();
        assertThat(refused).hasMessageContaining(sha256(jar));
        assertFails(WSAEPROVIDERFAILEDINIT, () -> winsock.services().catalog().loadProvider(jar.toString()));
    }

    @Test
    void aPinHoldsForTheFileHoweverItsPathIsSpelled() throws Exception {
        Path jar = jars().withServices("pinned.jar", "first");
        WsaProtocolInfo pinned = install("%MODULES%" + File.separator + "pinned.jar");
        WsaProtocolInfo plain = install(jar.toString());
        host.catalog().pin(pinned.catalogEntryId(), "00".repeat(32));
        host.configure(builder -> builder.environment(Map.of("MODULES", dir.toString())::get));
        host.start();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(plain));
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(pinned));
    }

    @Test
    void aModuleBesideTheHostCannotBePinned() throws Exception {
        WsaProtocolInfo entry = host.base(FakeModule.nonIfs("base"));
        host.catalog().pin(entry.catalogEntryId(), "00".repeat(32));
        host.start();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(entry));
    }

    private void restart() throws WinsockException {
        host.winsock().wsaCleanup();
        host.winsock().wsaStartup(WinsockVersion.V2_2);
    }

    @Test
    void aPinHoldsFromTheNextStartOnAlsoForAModuleThatIsLoaded() throws Exception {
        Path jar = jars().withServices("pinned.jar", "first");
        WsaProtocolInfo entry = install(jar.toString());
        host.start();
        assertThat(answerOf(entry)).isEqualTo("first 1");
        host.catalog().pin(entry.catalogEntryId(), "00".repeat(32));
        restart();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(entry));
        host.catalog().pin(entry.catalogEntryId(), sha256(jar));
        restart();
        assertThat(answerOf(entry)).isEqualTo("first 2");
    }

    @Test
    void aPinIsComparedWithTheFileAsItWasWhenItWasLoaded() throws Exception {
        Path jar = jars().withServices("pinned.jar", "first");
        String loaded = sha256(jar);
        WsaProtocolInfo entry = install(jar.toString());
        host.start();
        assertThat(answerOf(entry)).isEqualTo("first 1");
        Files.copy(jars().withServices("other.jar", "second"), dir.resolve("new.jar"));
        Files.move(dir.resolve("new.jar"), jar, StandardCopyOption.REPLACE_EXISTING);
        host.catalog().pin(entry.catalogEntryId(), sha256(jar));
        restart();
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.socket(entry));
        host.catalog().pin(entry.catalogEntryId(), loaded);
        restart();
        assertThat(answerOf(entry)).isEqualTo("first 2");
    }

    @Test
    void aPinOfAnEntryThatWasInstalledAfterTheStartHolds() throws Exception {
        Path jar = jars().withServices("pinned.jar", "first");
        host.start();
        WsaProtocolInfo entry = install(jar.toString());
        host.catalog().pin(entry.catalogEntryId(), "00".repeat(32));
        assertFails(WSAEPROVIDERFAILEDINIT, () -> host.winsock().services().catalog().loadProvider(jar.toString()));
    }
}
